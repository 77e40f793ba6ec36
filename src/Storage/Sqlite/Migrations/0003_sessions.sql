-- Sessions of the administrator, for the list of them and so that they can be ended; their tokens are kept nowhere. id: the token's random octets, as a
-- signed number of the same bits. password: fingerprint of the password that made it, likewise. made, expires: Unix seconds. An ended one (1) is kept
-- until it would have expired.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    password INTEGER NOT NULL,
    made INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    ended INTEGER NOT NULL
);
CREATE INDEX sessions_made ON sessions (ended, made);

-- Sessions that were made before this Unix second are ended, except one; 0 for none. One row.
CREATE TABLE sessions_since (
    since INTEGER NOT NULL,
    except_id INTEGER NOT NULL
);
INSERT INTO sessions_since VALUES (0, 0);
