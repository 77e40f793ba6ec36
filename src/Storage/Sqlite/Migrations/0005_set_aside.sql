-- Rows of devices that could not be read, as they were, with why, and the Unix second in which that was found. A device that is heard again begins anew.
CREATE TABLE devices_set_aside (
    place INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL,
    state BLOB NOT NULL,
    reason TEXT NOT NULL,
    found INTEGER NOT NULL
);
