-- Where phones can be reached, as they said when they registered. A binding that ends stays for a while with its expiry in the
-- past: the order of its Call-ID must still be known (RFC 3261 10.3 step 7).
DROP TABLE bindings;
CREATE TABLE bindings (
    account_id    uuid NOT NULL REFERENCES sip_accounts ON DELETE CASCADE,
    contact       text COLLATE "C" NOT NULL,
    id            uuid NOT NULL DEFAULT gen_random_uuid(),
    -- +sip.instance and reg-id of RFC 5626
    instance      text COLLATE "C",
    reg_id        bigint,
    call_id       text COLLATE "C" NOT NULL DEFAULT '',
    cseq          bigint NOT NULL DEFAULT 0,
    -- whence it came by the transport, not by what the message says
    source        inet NOT NULL DEFAULT '127.0.0.1',
    source_port   integer NOT NULL DEFAULT 5060,
    transport     text COLLATE "C" NOT NULL DEFAULT 'UDP',
    user_agent    text COLLATE "C",
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    refreshed_at  timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    PRIMARY KEY (account_id, contact)
    -- No index has a column that a refresh changes, and pages have room: a refresh then writes the row alone (HOT).
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.4);

-- The youngest nonce that an account used from a source, and the highest count with it: nothing up to it is accepted again, on
-- any node (RFC 7616 3.4). The nonce is the time it was made at, microseconds since 1970.
CREATE TABLE used_nonces (
    account_id uuid NOT NULL REFERENCES sip_accounts ON DELETE CASCADE,
    source     inet NOT NULL,
    nonce      bigint NOT NULL,
    count      bigint NOT NULL,
    PRIMARY KEY (account_id, source)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.4);

-- Why registrations of an account were refused, one row for each reason and source.
CREATE TABLE refusals (
    account_id    uuid NOT NULL REFERENCES sip_accounts ON DELETE CASCADE,
    reason        text COLLATE "C" NOT NULL,
    source        inet NOT NULL,
    source_port   integer NOT NULL,
    transport     text COLLATE "C" NOT NULL,
    user_agent    text COLLATE "C",
    times         bigint NOT NULL DEFAULT 1,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, reason, source)
) WITH (fillfactor = 70);

-- Sources that an account accepts nothing from for a while, because they failed too often: an IPv4 address or an IPv6 /64.
CREATE TABLE blocked_sources (
    id         uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES sip_accounts ON DELETE CASCADE,
    source     cidr NOT NULL,
    blocked_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    UNIQUE (account_id, source)
);
CREATE INDEX blocked_sources_expiry ON blocked_sources (expires_at);

-- Every node keeps the blocked sources in memory. The payload says what changed: '+ account source until', '- account source',
-- where until is in seconds since 1970.
CREATE FUNCTION blocked_source_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM pg_notify('seatline_blocked_sources', '- ' || OLD.account_id || ' ' || OLD.source);
    ELSE
        PERFORM pg_notify('seatline_blocked_sources', '+ ' || NEW.account_id || ' ' || NEW.source || ' '
            || ceil(extract(epoch FROM NEW.expires_at))::bigint);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER blocked_source_changed AFTER INSERT OR UPDATE OR DELETE ON blocked_sources
    FOR EACH ROW EXECUTE FUNCTION blocked_source_changed();

-- Nothing is stored in it. Who registers phones holds it in SHARE mode and who changes what an account may do in ROW EXCLUSIVE
-- mode: each kind goes on beside its like, and waits for the other. So a registration that was checked against the old settings
-- is either committed before the change looks for what it forbids, or sees the new settings.
CREATE TABLE registration_gate (nothing boolean);

-- Ends the bindings that a change forbids, in the change's own transaction, whoever makes it.
CREATE FUNCTION end_forbidden_bindings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE registration_gate IN ROW EXCLUSIVE MODE;
    DELETE FROM bindings b
    WHERE b.account_id = NEW.id
        AND (OLD.username <> NEW.username OR OLD.password <> NEW.password
            OR (NEW.use_allowed_ips AND NOT b.source <<= ANY (NEW.allowed_ips)));
    RETURN NULL;
END $$;
CREATE TRIGGER end_forbidden_bindings AFTER UPDATE ON sip_accounts
    FOR EACH ROW
    WHEN ((OLD.username, OLD.password, OLD.use_allowed_ips, OLD.allowed_ips)
        IS DISTINCT FROM (NEW.username, NEW.password, NEW.use_allowed_ips, NEW.allowed_ips))
    EXECUTE FUNCTION end_forbidden_bindings();

-- Deleting waits at the gate too, before it locks a row that a registration may want: neither can be in the other's way.
CREATE FUNCTION pass_registration_gate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE registration_gate IN ROW EXCLUSIVE MODE;
    RETURN NULL;
END $$;
CREATE TRIGGER pass_registration_gate BEFORE DELETE ON sip_accounts
    FOR EACH STATEMENT EXECUTE FUNCTION pass_registration_gate();

-- Every node forgets what it knows of accounts that changed. The payload is the username in small letters, or empty for all.
CREATE FUNCTION account_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM (SELECT FROM changed LIMIT 101) AS first_of_them) > 100 THEN
        PERFORM pg_notify('seatline_accounts', '');
    ELSE
        PERFORM pg_notify('seatline_accounts', lower(username)) FROM changed;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER account_inserted AFTER INSERT ON sip_accounts
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_changed();
CREATE TRIGGER account_deleted AFTER DELETE ON sip_accounts
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_changed();
CREATE TRIGGER account_updated AFTER UPDATE ON sip_accounts
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_changed();
CREATE TRIGGER account_renamed AFTER UPDATE ON sip_accounts
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION account_changed();
