-- Facts about the cluster as a whole: server_uuid, partitions (how many all hosts split the devices into).
CREATE TABLE facts (
    name text PRIMARY KEY,
    value text NOT NULL
);

-- Whose turn each partition is: what an earlier loader saves is refused.
CREATE TABLE partitions (
    partition integer PRIMARY KEY,
    epoch bigint NOT NULL
) WITH (fillfactor = 50);

-- Devices as DeviceCodec writes them. place: Partitioning.PlaceOf less 2^63, so that a partition is a range.
-- seen: microseconds since 1970 of the first save, by which devices keep their order. first_time, last_time: Unix seconds.
-- Rows are rewritten in place where their page has room: no index knows what changes.
CREATE TABLE devices (
    place bigint PRIMARY KEY,
    seen bigint NOT NULL,
    first_time bigint NOT NULL,
    last_time bigint NOT NULL,
    state bytea NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE devices ALTER COLUMN state SET STORAGE EXTERNAL;

-- How far each feed had come in each partition. Unsigned numbers stand as signed ones of the same bits.
CREATE TABLE watermarks (
    partition integer NOT NULL,
    feed bigint NOT NULL,
    boot_id bigint NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (partition, feed)
) WITH (fillfactor = 50);

-- What the duplicate filters learnt. up_to: octets of this partition in all, up to the end of this entry.
CREATE TABLE heard (
    partition integer NOT NULL,
    up_to bigint NOT NULL,
    octets bytea NOT NULL,
    PRIMARY KEY (partition, up_to)
);
ALTER TABLE heard ALTER COLUMN octets SET STORAGE EXTERNAL;

-- Posts that were acknowledged and are not in all partitions yet. They live for seconds: what they leave is to be cleared away at once.
CREATE TABLE journal (
    feed bigint NOT NULL,
    sequence bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    octets bytea NOT NULL,
    PRIMARY KEY (feed, sequence)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE journal ALTER COLUMN octets SET STORAGE EXTERNAL;

-- Datasources and their numbers, for good. saved_*: the newest batch that all partitions have on disk.
CREATE TABLE sources (
    number integer PRIMARY KEY,
    uuid uuid NOT NULL UNIQUE,
    name text NOT NULL,
    driver text NOT NULL,
    interface text NOT NULL,
    definition text NOT NULL,
    hardware text NOT NULL,
    packets bigint NOT NULL,
    error_packets bigint NOT NULL,
    saved_boot_id bigint NOT NULL,
    saved_sequence bigint NOT NULL
) WITH (fillfactor = 50);
