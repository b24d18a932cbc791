-- Whether phones of the account must prove the password with SHA-256: MD5 is not enough then (RFC 8760).
ALTER TABLE sip_accounts ADD COLUMN require_sha256 boolean NOT NULL DEFAULT false;
