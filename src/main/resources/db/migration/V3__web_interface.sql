-- Who opened a session: a credential's username for the operator's staff.
ALTER TABLE sessions ADD COLUMN opened_by text COLLATE "C" NOT NULL DEFAULT '';

-- The staff's own sessions in the operator's console. They end with the credential, and when it gets another password.
CREATE TABLE console_sessions (
    id         uuid PRIMARY KEY,
    username   text COLLATE "C" NOT NULL REFERENCES credentials ON DELETE CASCADE,
    hash       text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX console_sessions_username ON console_sessions (username);
CREATE INDEX console_sessions_expiry ON console_sessions (expires_at);

-- Links from which a softphone fetches an account's settings, once. Only their SHA-256 is kept.
CREATE TABLE provisioning_links (
    token_hash bytea PRIMARY KEY,
    account_id uuid NOT NULL UNIQUE REFERENCES sip_accounts ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);
CREATE INDEX provisioning_links_expiry ON provisioning_links (expires_at);

-- Registrations refused, in steps of ten minutes: what the console's charts show. Written with the refusals, many at a time.
CREATE TABLE refusal_counts (
    operator_id integer NOT NULL REFERENCES operators ON DELETE CASCADE,
    at          timestamptz NOT NULL,
    reason      text COLLATE "C" NOT NULL,
    times       bigint NOT NULL,
    PRIMARY KEY (operator_id, at, reason)
) WITH (fillfactor = 70);

-- The newest refusals of an operator, whatever others have. Only the background writer of the refusals pays for it.
ALTER TABLE refusals ADD COLUMN operator_id integer;
UPDATE refusals r SET operator_id = s.operator_id FROM sip_accounts s WHERE s.id = r.account_id;
CREATE INDEX refusals_newest ON refusals (operator_id, last_seen_at);

-- Phones registered, in steps of ten minutes, and now by transport and user agent. Counted every now and then by one of the nodes, since
-- counting a million takes a second: the console's pages read what it found.
CREATE TABLE phone_counts (
    operator_id integer NOT NULL REFERENCES operators ON DELETE CASCADE,
    at          timestamptz NOT NULL,
    phones      bigint NOT NULL,
    PRIMARY KEY (operator_id, at)
) WITH (fillfactor = 70);
CREATE TABLE phones_now (
    operator_id integer NOT NULL REFERENCES operators ON DELETE CASCADE,
    transport   text COLLATE "C" NOT NULL,
    user_agent  text COLLATE "C" NOT NULL,
    phones      bigint NOT NULL,
    PRIMARY KEY (operator_id, transport, user_agent)
) WITH (fillfactor = 70);
-- When that was, and when it is due again: one row, whose lock is the counting node's.
CREATE TABLE phones_counted (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    at       timestamptz NOT NULL,
    next_at  timestamptz NOT NULL
);
INSERT INTO phones_counted (at, next_at) VALUES ('-infinity', '-infinity');

-- The audit log is read the newest first, within a time: by id alone, an old time would be found by reading all that came after it.
DROP INDEX audit_operator;
CREATE INDEX audit_operator ON audit (operator_id, at, id);

-- With a credential end the sessions that were opened with it on customers' behalf.
CREATE FUNCTION end_staff_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM sessions WHERE admin AND operator_id = OLD.operator_id AND opened_by = OLD.username;
    RETURN NULL;
END $$;
CREATE TRIGGER end_staff_sessions AFTER DELETE OR UPDATE OF hash ON credentials
    FOR EACH ROW EXECUTE FUNCTION end_staff_sessions();
