-- Logins. The fact session_secret (hexadecimal) signs sessions, on all API servers.

-- The administrator, when a password was set: PBKDF2 with HMAC-SHA-256. One row.
CREATE TABLE administrator (
    id integer PRIMARY KEY CHECK (id = 1),
    username text NOT NULL,
    salt bytea NOT NULL,
    iterations integer NOT NULL,
    hash bytea NOT NULL
);

-- Keys for programs. hash: SHA-256 of the key. scope: the one sensor that it may feed, null for any. created, expires: Unix seconds, 0 for never.
CREATE TABLE api_keys (
    name text PRIMARY KEY,
    hash bytea NOT NULL UNIQUE,
    role text NOT NULL,
    scope uuid,
    created bigint NOT NULL,
    expires bigint NOT NULL
);
