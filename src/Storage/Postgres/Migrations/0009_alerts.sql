-- Alerts that were raised, by their time (microseconds since 1970, each its own). Addresses are MacAddress.Value, 0 for none; body is what AlertCodec writes of one.
CREATE TABLE alerts (
    time bigint PRIMARY KEY, header text NOT NULL, severity smallint NOT NULL, bssid bigint NOT NULL, source bigint NOT NULL, dest bigint NOT NULL,
    other bigint NOT NULL, body bytea NOT NULL);
CREATE INDEX alerts_by_severity ON alerts (severity, time);
-- Incidents, each as what AlertCodec writes of it; the columns are what is asked for.
CREATE TABLE incidents (
    id bigint PRIMARY KEY, header text NOT NULL, severity smallint NOT NULL, transmitter bigint NOT NULL, network bigint NOT NULL, state smallint NOT NULL,
    owner text NOT NULL, first bigint NOT NULL, last bigint NOT NULL, body bytea NOT NULL);
CREATE INDEX incidents_by_last ON incidents (last);
