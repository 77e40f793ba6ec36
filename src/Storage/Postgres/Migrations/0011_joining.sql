-- Sensors that join. hash: SHA-256 of the token. made, expires: Unix seconds. uses: sensors that may join by it; uses_left: those that still may.
CREATE TABLE join_tokens (
    hash bytea PRIMARY KEY,
    site text NOT NULL,
    maker text NOT NULL,
    made bigint NOT NULL,
    expires bigint NOT NULL,
    uses integer NOT NULL,
    uses_left integer NOT NULL CHECK (uses_left >= 0)
);

-- Of a key that was got by joining: its token's site, NULL for other keys. former: SHA-256 of the key that it replaced and that holds until former_until, a Unix second.
ALTER TABLE api_keys ADD COLUMN site text;
ALTER TABLE api_keys ADD COLUMN former bytea NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN former_until bigint NOT NULL DEFAULT 0;
