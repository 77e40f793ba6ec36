-- Facts about the server as a whole: server_uuid (text), partitions (how many this file was made for).
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Whose turn each partition is: what an earlier loader saves is refused.
CREATE TABLE partitions (
    partition INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL
);

-- Devices as DeviceCodec writes them. place: Partitioning.PlaceOf less 2^63, so that a partition is a range.
-- seen: microseconds since 1970 of the first save, by which devices keep their order. first_time, last_time: Unix seconds.
CREATE TABLE devices (
    place INTEGER PRIMARY KEY,
    seen INTEGER NOT NULL,
    first_time INTEGER NOT NULL,
    last_time INTEGER NOT NULL,
    state BLOB NOT NULL
);

-- How far each feed had come in each partition. Unsigned numbers stand as signed ones of the same bits.
CREATE TABLE watermarks (
    partition INTEGER NOT NULL,
    feed INTEGER NOT NULL,
    boot_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (partition, feed)
) WITHOUT ROWID;

-- What the duplicate filters learnt. up_to: octets of this partition in all, up to the end of this entry.
CREATE TABLE heard (
    partition INTEGER NOT NULL,
    up_to INTEGER NOT NULL,
    octets BLOB NOT NULL,
    PRIMARY KEY (partition, up_to)
) WITHOUT ROWID;

-- Posts that were acknowledged and are not in all partitions yet. at: milliseconds since 1970.
CREATE TABLE journal (
    feed INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    octets BLOB NOT NULL,
    PRIMARY KEY (feed, sequence)
);

-- Datasources and their numbers, for good. saved_*: the newest batch that all partitions have on disk.
CREATE TABLE sources (
    number INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    driver TEXT NOT NULL,
    interface TEXT NOT NULL,
    definition TEXT NOT NULL,
    hardware TEXT NOT NULL,
    packets INTEGER NOT NULL,
    error_packets INTEGER NOT NULL,
    saved_boot_id INTEGER NOT NULL,
    saved_sequence INTEGER NOT NULL
);
