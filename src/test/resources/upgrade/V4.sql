-- What a phone said of its contact under version 4.
UPDATE bindings SET q = 500;
