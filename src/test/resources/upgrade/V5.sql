-- What an edge said of a phone under version 5.
UPDATE bindings SET path = '<sip:edge.example;lr>';
