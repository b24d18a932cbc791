-- What leads back to a phone that came by an edge (RFC 3327), as the edge wrote it.
ALTER TABLE bindings ADD COLUMN path text COLLATE "C";
