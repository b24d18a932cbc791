-- Which phones may not use MD5 any more under version 6.
UPDATE sip_accounts SET require_sha256 = true WHERE username = 'OldPhone';
