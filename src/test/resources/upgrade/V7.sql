-- An account that came under version 7 from old.example, with the hash of moved-battery-horse alone.
INSERT INTO sip_accounts (id, operator_id, customer_id, username, password, ha1_realm)
    SELECT '00000000-0000-4000-8000-00000000a007', id, 'none', 'moved',
        '\x4616387ac9e32b86c57af9e8757000c3f0ebe502a1f5c7fbf17f0a3798633b536dc5aa79fe58cdbee41248441a2eb1677a645f32f28fed0eb1ec3c4c', 'old.example'
    FROM operators;
