-- Rows of devices that could not be read, as they were, with why, and the Unix second in which that was found. A device that is heard again begins anew.
CREATE TABLE devices_set_aside (
    place bigint NOT NULL,
    seen bigint NOT NULL,
    first_time bigint NOT NULL,
    last_time bigint NOT NULL,
    state bytea NOT NULL,
    reason text NOT NULL,
    found bigint NOT NULL
);
