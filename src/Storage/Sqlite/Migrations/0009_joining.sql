-- Sensors that join. hash: SHA-256 of the token. made, expires: Unix seconds. uses: sensors that may join by it; uses_left: those that still may.
CREATE TABLE join_tokens (
    hash BLOB PRIMARY KEY,
    site TEXT NOT NULL,
    maker TEXT NOT NULL,
    made INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    uses_left INTEGER NOT NULL
) WITHOUT ROWID;

-- Of a key that was got by joining: its token's site, NULL for other keys. former: SHA-256 of the key that it replaced and that holds until former_until, a Unix second.
ALTER TABLE api_keys ADD COLUMN site TEXT;
ALTER TABLE api_keys ADD COLUMN former BLOB NOT NULL DEFAULT x'';
ALTER TABLE api_keys ADD COLUMN former_until INTEGER NOT NULL DEFAULT 0;
