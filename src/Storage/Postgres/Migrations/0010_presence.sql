-- Who was where: full blocks of entries, as PresenceBlock writes them. number: microseconds since 1970 of when it was made, each of a partition its own. first, last: slots of five minutes
-- of capture time, counted from 1970, of which it has entries. partition: negative (-1 less the number) of those of before the database was split among another number of partitions.
-- A partition of the table for each day (PostgresPresenceDays). Random bytes, which are not worth compressing.
CREATE TABLE presence (
    partition integer NOT NULL,
    first integer NOT NULL,
    number bigint NOT NULL,
    last integer NOT NULL,
    entries bytea NOT NULL,
    PRIMARY KEY (partition, number)
) PARTITION BY RANGE (number);
ALTER TABLE presence ALTER COLUMN entries SET STORAGE EXTERNAL;

-- Blocks of later days have later entries, but for those of a spool: a question about the past reads few of them.
CREATE INDEX presence_first ON presence (first);

-- Blocks of days whose table the account of the silos could not make.
CREATE TABLE presence_rest PARTITION OF presence DEFAULT;

-- What waits until a block is full. number: of the last block that was.
CREATE TABLE presence_pending (
    partition integer PRIMARY KEY,
    first integer NOT NULL,
    number bigint NOT NULL,
    last integer NOT NULL,
    entries bytea NOT NULL
) WITH (fillfactor = 50);
ALTER TABLE presence_pending ALTER COLUMN entries SET STORAGE EXTERNAL;
