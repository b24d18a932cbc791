-- What a phone says of a contact beside its address (RFC 3261 section 20.10), in thousandths.
ALTER TABLE bindings ADD COLUMN q bigint;

-- A binding that has ended is of no use any more: what comes late is told by its nonce.
DELETE FROM bindings WHERE expires_at < now();
