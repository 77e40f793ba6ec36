-- Who was where: full blocks of entries, as PresenceBlock writes them. number: microseconds since 1970 of when it was made, each of a partition its own. first, last: slots of five minutes
-- of capture time, counted from 1970, of which it has entries.
CREATE TABLE presence (
    partition INTEGER NOT NULL,
    number INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    entries BLOB NOT NULL
);
CREATE UNIQUE INDEX presence_by_number ON presence (partition, number, first, last);

-- What waits until a block is full. number: of the last block that was.
CREATE TABLE presence_pending (
    partition INTEGER PRIMARY KEY,
    number INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    entries BLOB NOT NULL
);
