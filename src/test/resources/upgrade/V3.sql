-- What the console and the portal left under version 3.
INSERT INTO console_sessions (id, username, hash, expires_at)
    SELECT '00000000-0000-4000-8000-00000000b003', username, hash, now() + interval '1 hour' FROM credentials;
INSERT INTO provisioning_links (token_hash, account_id, expires_at)
    VALUES (sha256('old'), '00000000-0000-4000-8000-00000000a002', now() + interval '1 hour');
INSERT INTO refusal_counts (operator_id, at, reason, times)
    SELECT id, date_bin('10 minutes', now() - interval '1 hour', 'epoch'), 'wrong_password', 4 FROM operators;
INSERT INTO phone_counts (operator_id, at, phones)
    SELECT id, date_bin('10 minutes', now() - interval '1 hour', 'epoch'), 1 FROM operators;
INSERT INTO phones_now (operator_id, transport, user_agent, phones) SELECT id, 'UDP', 'Old Phone/1', 1 FROM operators;
