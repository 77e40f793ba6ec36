-- Alerts that were raised, by their time (microseconds since 1970, each its own). Addresses are MacAddress.Value, 0 for none; body is what AlertCodec writes of one.
CREATE TABLE alerts (
    time INTEGER PRIMARY KEY, header TEXT NOT NULL, severity INTEGER NOT NULL, bssid INTEGER NOT NULL, source INTEGER NOT NULL, dest INTEGER NOT NULL,
    other INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX alerts_by_severity ON alerts (severity, time);
-- Incidents, each as what AlertCodec writes of it; the columns are what is asked for.
CREATE TABLE incidents (
    id INTEGER PRIMARY KEY, header TEXT NOT NULL, severity INTEGER NOT NULL, transmitter INTEGER NOT NULL, network INTEGER NOT NULL, state INTEGER NOT NULL,
    owner TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, body BLOB NOT NULL);
CREATE INDEX incidents_by_last ON incidents (last);
