-- Logins. The fact session_secret (hexadecimal) signs sessions.

-- The administrator, when a password was set: PBKDF2 with HMAC-SHA-256. One row.
CREATE TABLE administrator (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    username TEXT NOT NULL,
    salt BLOB NOT NULL,
    iterations INTEGER NOT NULL,
    hash BLOB NOT NULL
);

-- Keys for programs. hash: SHA-256 of the key. scope: UUID of the one sensor that it may feed, '' for any. created, expires: Unix seconds, 0 for never.
CREATE TABLE api_keys (
    name TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID;
