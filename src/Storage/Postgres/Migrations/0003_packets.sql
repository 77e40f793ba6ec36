-- Packets of the past, where Log:History is on. A partition a day of receipt, made and dropped by the silos (PostgresPacketDays): a sensor whose clock is
-- wrong, or that was away for a week, writes into today's. at: microseconds since 1970 of the capture. Addresses are numbers of 48 bits.
CREATE TABLE packets (
    received timestamptz NOT NULL,
    at bigint NOT NULL,
    source uuid NOT NULL,
    dlt integer NOT NULL,
    phy smallint NOT NULL,
    sourcemac bigint NOT NULL,
    destmac bigint NOT NULL,
    transmac bigint NOT NULL,
    frequency double precision NOT NULL,
    signal integer NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    packet_len integer NOT NULL,
    packet_full_len integer NOT NULL,
    tags text NOT NULL,
    packet bytea NOT NULL
) PARTITION BY RANGE (received);

-- Times come nearly in order, addresses do not.
CREATE INDEX packets_at ON packets USING brin (at);
CREATE INDEX packets_sourcemac ON packets (sourcemac, at);
CREATE INDEX packets_destmac ON packets (destmac, at);
CREATE INDEX packets_transmac ON packets (transmac, at) WHERE transmac <> 0;
