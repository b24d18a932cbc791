-- Every text that is compared, sorted or filtered by has COLLATE "C": the order is the same on every machine, and an index
-- never changes its meaning with the system's locale data.

-- Versions are drawn at random, so that a record that replaces a deleted one of the same id never has its ETag, and that none
-- tells how much others write.
CREATE FUNCTION new_version() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT floor(random() * 9007199254740992)::bigint
$$;

CREATE TABLE operators (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text COLLATE "C" NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- What an operator's systems log in with.
CREATE TABLE credentials (
    username    text COLLATE "C" PRIMARY KEY,
    operator_id integer NOT NULL REFERENCES operators ON DELETE CASCADE,
    hash        text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    changed_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX credentials_operator ON credentials (operator_id, username);

-- Every node forgets what it has verified as soon as a credential is gone or different.
CREATE FUNCTION credential_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('seatline_credentials', '');
    RETURN NULL;
END $$;
CREATE TRIGGER credentials_changed AFTER UPDATE OR DELETE OR TRUNCATE ON credentials
    FOR EACH STATEMENT EXECUTE FUNCTION credential_changed();

CREATE TABLE customers (
    operator_id       integer NOT NULL REFERENCES operators ON DELETE CASCADE,
    id                text COLLATE "C" NOT NULL,
    name              text COLLATE "C" NOT NULL,
    language          text COLLATE "C" NOT NULL,
    capacity_limit    bigint CHECK (capacity_limit >= 0),
    sip_account_limit bigint CHECK (sip_account_limit >= 0),
    version           bigint NOT NULL DEFAULT new_version(),
    PRIMARY KEY (operator_id, id)
);
CREATE INDEX customers_name ON customers (operator_id, name, id);
CREATE INDEX customers_language ON customers (operator_id, language, id);

CREATE TABLE sip_accounts (
    id                   uuid PRIMARY KEY,
    operator_id          integer NOT NULL,
    customer_id          text COLLATE "C" NOT NULL,
    username             text COLLATE "C" NOT NULL,
    -- AES-GCM, see SecretKey
    password             bytea NOT NULL,
    incoming_internal    boolean NOT NULL DEFAULT false,
    incoming_external    boolean NOT NULL DEFAULT false,
    outgoing_internal    boolean NOT NULL DEFAULT false,
    outgoing_external    boolean NOT NULL DEFAULT false,
    on_demand            boolean NOT NULL DEFAULT false,
    caller_id_name       text COLLATE "C",
    internal_caller_id   bigint,
    external_caller_id   bigint,
    allow_external_calls boolean NOT NULL DEFAULT false,
    use_allowed_ips      boolean NOT NULL DEFAULT false,
    allowed_ips          cidr[] NOT NULL DEFAULT '{}',
    version              bigint NOT NULL DEFAULT new_version(),
    FOREIGN KEY (operator_id, customer_id) REFERENCES customers ON DELETE CASCADE,
    CONSTRAINT external_calls_have_a_caller_id CHECK (NOT allow_external_calls OR external_caller_id IS NOT NULL)
) WITH (fillfactor = 85);
-- One for the default order, one for each filter; each ends with the id, so that a page of it needs no sort.
CREATE UNIQUE INDEX sip_accounts_username_unique ON sip_accounts (lower(username));
CREATE INDEX sip_accounts_operator ON sip_accounts (operator_id, id);
CREATE INDEX sip_accounts_customer ON sip_accounts (operator_id, customer_id, id);
CREATE INDEX sip_accounts_username ON sip_accounts (operator_id, username, id);
CREATE INDEX sip_accounts_caller_id_name ON sip_accounts (operator_id, caller_id_name, id);
CREATE INDEX sip_accounts_allow_external_calls ON sip_accounts (operator_id, allow_external_calls, id);
CREATE INDEX sip_accounts_internal_caller_id ON sip_accounts (operator_id, internal_caller_id, id);
CREATE INDEX sip_accounts_external_caller_id ON sip_accounts (operator_id, external_caller_id, id);

-- How many accounts an operator has, in all ('') and for each value of each filter that many can share: an exact count
-- costs one look-up, however many there are. Kept by the triggers below, in the transaction of the change itself.
CREATE TABLE sip_account_counts (
    operator_id integer NOT NULL REFERENCES operators ON DELETE CASCADE,
    filter      text COLLATE "C" NOT NULL,
    value       text COLLATE "C" NOT NULL,
    accounts    bigint NOT NULL,
    PRIMARY KEY (operator_id, filter, value)
) WITH (fillfactor = 50);

-- What one account adds to. Callers group and sort, so that two transactions lock the counts in the same order.
CREATE FUNCTION counted_values(account sip_accounts) RETURNS TABLE (filter text, value text)
    LANGUAGE sql IMMUTABLE AS $$
    SELECT f, v
    FROM (VALUES
        ('', ''),
        ('customer.id', account.customer_id),
        ('caller_id_name', account.caller_id_name),
        ('allow_external_calls', account.allow_external_calls::text),
        ('internal_caller_id', account.internal_caller_id::text),
        ('external_caller_id', account.external_caller_id::text)) AS counted (f, v)
    WHERE v IS NOT NULL
$$;

CREATE FUNCTION count_inserted_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sip_account_counts AS kept (operator_id, filter, value, accounts)
    SELECT a.operator_id, c.filter, c.value, count(*)
    FROM changed a, counted_values(a) c
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (operator_id, filter, value) DO UPDATE SET accounts = kept.accounts + excluded.accounts;
    RETURN NULL;
END $$;

CREATE FUNCTION count_deleted_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The operator itself may be going, and its counts with it: then there is nothing left to count in.
    WITH gone AS (
        SELECT a.operator_id, c.filter, c.value, count(*) AS accounts
        FROM changed a, counted_values(a) c
        GROUP BY 1, 2, 3
    ), locked AS (
        SELECT kept.operator_id, kept.filter, kept.value
        FROM sip_account_counts kept JOIN gone USING (operator_id, filter, value)
        ORDER BY 1, 2, 3
        FOR UPDATE OF kept
    )
    UPDATE sip_account_counts kept SET accounts = kept.accounts - gone.accounts
    FROM gone JOIN locked USING (operator_id, filter, value)
    WHERE (kept.operator_id, kept.filter, kept.value) = (gone.operator_id, gone.filter, gone.value);
    DELETE FROM sip_account_counts kept
    USING (SELECT DISTINCT a.operator_id, c.filter, c.value FROM changed a, counted_values(a) c) gone
    WHERE (kept.operator_id, kept.filter, kept.value) = (gone.operator_id, gone.filter, gone.value)
        AND kept.accounts = 0;
    RETURN NULL;
END $$;

-- An account whose counted values change, one row at a time: rare, and always under the customer's lock.
CREATE FUNCTION count_changed_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sip_account_counts AS kept (operator_id, filter, value, accounts)
    SELECT operator_id, filter, value, sum(step)
    FROM (
        SELECT NEW.operator_id, c.filter, c.value, 1 AS step FROM counted_values(NEW) c
        UNION ALL
        SELECT OLD.operator_id, c.filter, c.value, -1 FROM counted_values(OLD) c) steps
    GROUP BY 1, 2, 3 HAVING sum(step) <> 0 ORDER BY 1, 2, 3
    ON CONFLICT (operator_id, filter, value) DO UPDATE SET accounts = kept.accounts + excluded.accounts;
    DELETE FROM sip_account_counts kept USING counted_values(OLD) c
    WHERE (kept.operator_id, kept.filter, kept.value) = (OLD.operator_id, c.filter, c.value) AND kept.accounts = 0;
    RETURN NULL;
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON sip_accounts
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_accounts();
CREATE TRIGGER count_deleted AFTER DELETE ON sip_accounts
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_deleted_accounts();
CREATE TRIGGER count_changed AFTER UPDATE ON sip_accounts
    FOR EACH ROW
    WHEN ((OLD.operator_id, OLD.customer_id, OLD.caller_id_name, OLD.allow_external_calls, OLD.internal_caller_id,
           OLD.external_caller_id)
        IS DISTINCT FROM
          (NEW.operator_id, NEW.customer_id, NEW.caller_id_name, NEW.allow_external_calls, NEW.internal_caller_id,
           NEW.external_caller_id))
    EXECUTE FUNCTION count_changed_account();

-- Live registrations, from which is_online and user_agent are read.
CREATE TABLE bindings (
    account_id   uuid NOT NULL REFERENCES sip_accounts ON DELETE CASCADE,
    contact      text COLLATE "C" NOT NULL,
    user_agent   text COLLATE "C",
    refreshed_at timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (account_id, contact)
);

-- Links into the web interface, and the sessions they open.
CREATE TABLE sessions (
    id          uuid PRIMARY KEY,
    operator_id integer NOT NULL,
    customer_id text COLLATE "C" NOT NULL,
    admin       boolean NOT NULL,
    expires_at  timestamptz NOT NULL,
    FOREIGN KEY (operator_id, customer_id) REFERENCES customers ON DELETE CASCADE
);
CREATE UNIQUE INDEX one_session_per_customer ON sessions (operator_id, customer_id) WHERE NOT admin;
CREATE INDEX sessions_customer ON sessions (operator_id, customer_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Who changed what, when and from where. It outlives what it speaks of, so it refers to nothing.
CREATE TABLE audit (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    operator_id integer,
    actor       text NOT NULL,
    source      inet,
    request_id  text,
    action      text NOT NULL,
    type        text NOT NULL,
    subject     text NOT NULL,
    changes     jsonb NOT NULL
);
CREATE INDEX audit_operator ON audit (operator_id, id);
CREATE INDEX audit_subject ON audit (type, subject, id);

-- A text sealed with the server's key, by which a start finds out that it has the right one.
CREATE TABLE installation (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    key_check bytea NOT NULL
);
