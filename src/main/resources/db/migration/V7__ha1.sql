-- Accounts that came from elsewhere with a HA1, the MD5 of username:realm:password, and without a password: where there is a realm, the
-- sealed text in password is the HA1.
ALTER TABLE sip_accounts ADD COLUMN ha1_realm text COLLATE "C";
