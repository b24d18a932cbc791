-- What an operator had under version 1. The secrets are sealed with DatabaseUpgradeTest's key; the credential's password is
-- old-password-of-billing, the accounts' are correct-horse-battery and staple-battery-horse.
INSERT INTO operators (name) VALUES ('Old Operator');
INSERT INTO installation (key_check) VALUES ('\x9cf97f96a0b7391ecc3e85928cdd83863e1153dc04d33a5bd5e54a6a14bed0aecdbf2682');
INSERT INTO credentials (username, operator_id, hash)
    SELECT 'billing', id, '$argon2id$v=19$m=19456,t=2,p=1$yrylnlr5YqrsuqGkjyCKIwfJC7Q8v6z5HmbSqIx54ZtHBD7RPsdx6WD6UKPxu0cS80cHXCRrd+7a/C4DanE4Gg$1jpaidt+2yfe/RLo8Ge7xeioze5ljGTnc33yIU8RyRc'
    FROM operators;
INSERT INTO customers (operator_id, id, name, language, capacity_limit, sip_account_limit)
    SELECT id, 'old', 'Old Customer Ąž Ж', 'LT', 10, 3 FROM operators;
INSERT INTO customers (operator_id, id, name, language) SELECT id, 'none', 'Nothing Set', 'EN' FROM operators;
INSERT INTO sip_accounts (id, operator_id, customer_id, username, password, incoming_internal, on_demand, caller_id_name,
        internal_caller_id, external_caller_id, allow_external_calls, use_allowed_ips, allowed_ips)
    SELECT '00000000-0000-4000-8000-00000000a001', id, 'old', 'OldPhone',
        '\xf29e498d5e30a6b8b6970ace56d03581e22f0bff169f8be51e19f20350d6fb4511afa1eb4eb17e1dbb4685644cb5f55cb6',
        true, true, 'Old Name', 101, 37060000001, true, true, '{127.0.0.0/8,2001:db8::/32}'
    FROM operators;
INSERT INTO sip_accounts (id, operator_id, customer_id, username, password)
    SELECT '00000000-0000-4000-8000-00000000a002', id, 'old', 'oldplain',
        '\x76703d67dd563f786ef738def14858d77e341a98f847b14c440b7721aad4a44d70f735ce4bdd9f457e445ff4dff7757b'
    FROM operators;
INSERT INTO bindings (account_id, contact, user_agent, expires_at)
    VALUES ('00000000-0000-4000-8000-00000000a001', 'sip:first@192.0.2.1', 'First/1', now() + interval '1 hour');
INSERT INTO sessions (id, operator_id, customer_id, admin, expires_at)
    SELECT '00000000-0000-4000-8000-00000000b001', id, 'old', false, now() + interval '1 hour' FROM operators;
INSERT INTO sessions (id, operator_id, customer_id, admin, expires_at)
    SELECT '00000000-0000-4000-8000-00000000b002', id, 'old', true, now() + interval '1 hour' FROM operators;
INSERT INTO audit (operator_id, actor, source, request_id, action, type, subject, changes)
    SELECT id, 'billing', '192.0.2.7', 'oldrequest', 'create', 'customers', 'old', '{"name": [null, "Old Customer"]}'
    FROM operators;
