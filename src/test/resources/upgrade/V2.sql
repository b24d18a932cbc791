-- What came in under version 2: phones, and who was refused.
INSERT INTO bindings (account_id, contact, id, instance, reg_id, call_id, cseq, source, source_port, transport, user_agent,
        expires_at)
    VALUES ('00000000-0000-4000-8000-00000000a001', 'sip:old@192.0.2.17:5060', '00000000-0000-4000-9000-00000000c001', 'urn:old', 1,
        'old-call', 7, '127.0.0.1', 5060, 'UDP', 'Old Phone/1', now() + interval '1 hour');
INSERT INTO used_nonces (account_id, source, nonce, count)
    VALUES ('00000000-0000-4000-8000-00000000a001', '127.0.0.1', 1700000000000000, 3);
INSERT INTO refusals (account_id, reason, source, source_port, transport, user_agent, times)
    VALUES ('00000000-0000-4000-8000-00000000a002', 'wrong_password', '198.51.100.66', 5062, 'UDP', 'Guesser/1', 4);
INSERT INTO blocked_sources (id, account_id, source, expires_at)
    VALUES ('00000000-0000-4000-8000-00000000d001', '00000000-0000-4000-8000-00000000a002', '198.51.100.77/32',
        now() + interval '1 hour');
