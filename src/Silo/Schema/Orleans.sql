-- What Orleans' ADO.NET providers need of a database: who is in the cluster, grain storage, reminders.
-- The contract is the table OrleansQuery, from which they read the statements that they send, by key; the names of the statements' parameters, and
-- of the columns that they give. Tables and statements are ours. A statement does all or nothing, since it is one.
-- May be applied again at any time.

CREATE TABLE IF NOT EXISTS OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);

-- A change of the table of silos is a turn: whoever knew the version before it may make it.
CREATE TABLE IF NOT EXISTS cluster_turns (deployment text PRIMARY KEY, version integer NOT NULL DEFAULT 0);

CREATE TABLE IF NOT EXISTS cluster_silos
(
    deployment text NOT NULL,
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    status integer NOT NULL,
    gateway_port integer NOT NULL,
    suspected text,
    started timestamptz NOT NULL,
    alive timestamptz NOT NULL,
    PRIMARY KEY (deployment, address, port, generation)
);

CREATE TABLE IF NOT EXISTS grain_states
(
    service text NOT NULL,
    type_hash integer NOT NULL,
    type text NOT NULL,
    id_hash integer NOT NULL,
    id_0 bigint NOT NULL,
    id_1 bigint NOT NULL,
    extension text,
    state bytea,
    version integer NOT NULL,
    written timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX IF NOT EXISTS grain_states_key ON grain_states (id_hash, type_hash, id_0, id_1, type, service, coalesce(extension, ''));

CREATE TABLE IF NOT EXISTS grain_reminders
(
    service text NOT NULL,
    grain text NOT NULL,
    name text NOT NULL,
    hash integer NOT NULL,
    start timestamptz NOT NULL,
    period bigint NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (service, grain, name)
);
CREATE INDEX IF NOT EXISTS grain_reminders_hash ON grain_reminders (service, hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES

-- Silos. What a change gives is how many rows it changed: 1, or 0 when somebody else had the turn.
('InsertMembershipVersionKey', $$
WITH added AS (INSERT INTO cluster_turns (deployment) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
SELECT count(*)::integer FROM added
$$),
('InsertMembershipKey', $$
WITH turn AS (
    UPDATE cluster_turns SET version = version + 1
    WHERE deployment = @DeploymentId AND version = @Version::integer AND NOT EXISTS (
        SELECT FROM cluster_silos s
        WHERE s.deployment = @DeploymentId AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
    RETURNING deployment),
added AS (
    INSERT INTO cluster_silos (deployment, address, port, generation, name, host, status, gateway_port, started, alive)
    SELECT deployment, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM turn
    RETURNING 1)
SELECT count(*)::integer FROM added
$$),
('UpdateMembershipKey', $$
WITH turn AS (
    UPDATE cluster_turns SET version = version + 1
    WHERE deployment = @DeploymentId AND version = @Version::integer AND EXISTS (
        SELECT FROM cluster_silos s
        WHERE s.deployment = @DeploymentId AND s.address = @Address AND s.port = @Port AND s.generation = @Generation)
    RETURNING deployment),
changed AS (
    UPDATE cluster_silos s SET status = @Status, suspected = @SuspectTimes, alive = @IAmAliveTime
    FROM turn
    WHERE s.deployment = turn.deployment AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    RETURNING 1)
SELECT count(*)::integer FROM changed
$$),
('UpdateIAmAlivetimeKey', $$
UPDATE cluster_silos SET alive = @IAmAliveTime
WHERE deployment = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$$),
('MembershipReadAllKey', $$
SELECT t.deployment AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host AS HostName,
    s.status AS Status, s.gateway_port AS ProxyPort, s.suspected AS SuspectTimes, s.started AS StartTime, s.alive AS IAmAliveTime, t.version AS Version
FROM cluster_turns t LEFT JOIN cluster_silos s ON s.deployment = t.deployment
WHERE t.deployment = @DeploymentId
$$),
('MembershipReadRowKey', $$
SELECT t.deployment AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName, s.host AS HostName,
    s.status AS Status, s.gateway_port AS ProxyPort, s.suspected AS SuspectTimes, s.started AS StartTime, s.alive AS IAmAliveTime, t.version AS Version
FROM cluster_turns t
LEFT JOIN cluster_silos s ON s.deployment = t.deployment AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
WHERE t.deployment = @DeploymentId
$$),
('GatewaysQueryKey', $$
SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
FROM cluster_silos WHERE deployment = @DeploymentId AND status = @Status AND gateway_port > 0
$$),
('DeleteMembershipTableEntriesKey', $$
WITH silos AS (DELETE FROM cluster_silos WHERE deployment = @DeploymentId)
DELETE FROM cluster_turns WHERE deployment = @DeploymentId
$$),
-- 3 is an active silo, which may only be slow to say that it is alive.
('CleanupDefunctSiloEntriesKey', $$
DELETE FROM cluster_silos WHERE deployment = @DeploymentId AND alive < @IAmAliveTime AND status <> 3
$$),

-- Grain storage. A write gives the new version; the old one when the state is not of that version, by which Orleans knows.
('ReadFromStorageKey', $$
SELECT state AS PayloadBinary, written AS ModifiedOn, version AS Version
FROM grain_states
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_0 = @GrainIdN0 AND id_1 = @GrainIdN1 AND type = @GrainTypeString
    AND service = @ServiceId AND coalesce(extension, '') = coalesce(@GrainIdExtensionString::text, '')
$$),
('WriteToStorageKey', $$
WITH changed AS (
    UPDATE grain_states SET state = @PayloadBinary, version = version + 1, written = now()
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_0 = @GrainIdN0 AND id_1 = @GrainIdN1 AND type = @GrainTypeString
        AND service = @ServiceId AND coalesce(extension, '') = coalesce(@GrainIdExtensionString::text, '') AND version = @GrainStateVersion::integer
    RETURNING version),
added AS (
    INSERT INTO grain_states (service, type_hash, type, id_hash, id_0, id_1, extension, state, version)
    SELECT @ServiceId, @GrainTypeHash, @GrainTypeString, @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString::text, @PayloadBinary, 1
    WHERE @GrainStateVersion::integer IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version)
SELECT coalesce((SELECT version FROM changed), (SELECT version FROM added), @GrainStateVersion::integer) AS NewGrainStateVersion
$$),
('ClearStorageKey', $$
UPDATE grain_states SET state = NULL, version = version + 1, written = now()
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_0 = @GrainIdN0 AND id_1 = @GrainIdN1 AND type = @GrainTypeString
    AND service = @ServiceId AND coalesce(extension, '') = coalesce(@GrainIdExtensionString::text, '') AND version = @GrainStateVersion::integer
RETURNING version AS NewGrainStateVersion
$$),
('DeleteStorageKey', $$
DELETE FROM grain_states
WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_0 = @GrainIdN0 AND id_1 = @GrainIdN1 AND type = @GrainTypeString
    AND service = @ServiceId AND coalesce(extension, '') = coalesce(@GrainIdExtensionString::text, '') AND version = @GrainStateVersion::integer
RETURNING version + 1 AS NewGrainStateVersion
$$),

-- Reminders. A silo asks for those of its range of hashes, which may run over the end of the ring.
('UpsertReminderRowKey', $$
INSERT INTO grain_reminders (service, grain, name, hash, start, period, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
ON CONFLICT (service, grain, name) DO UPDATE
SET hash = excluded.hash, start = excluded.start, period = excluded.period, version = grain_reminders.version + 1
RETURNING version AS Version
$$),
('ReadReminderRowKey', $$
SELECT grain AS GrainId, name AS ReminderName, start AS StartTime, period AS Period, version AS Version
FROM grain_reminders WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName
$$),
('ReadReminderRowsKey', $$
SELECT grain AS GrainId, name AS ReminderName, start AS StartTime, period AS Period, version AS Version
FROM grain_reminders WHERE service = @ServiceId AND grain = @GrainId
$$),
('ReadRangeRows1Key', $$
SELECT grain AS GrainId, name AS ReminderName, start AS StartTime, period AS Period, version AS Version
FROM grain_reminders WHERE service = @ServiceId AND hash > @BeginHash AND hash <= @EndHash
$$),
('ReadRangeRows2Key', $$
SELECT grain AS GrainId, name AS ReminderName, start AS StartTime, period AS Period, version AS Version
FROM grain_reminders WHERE service = @ServiceId AND (hash > @BeginHash OR hash <= @EndHash)
$$),
('DeleteReminderRowKey', $$
WITH gone AS (
    DELETE FROM grain_reminders WHERE service = @ServiceId AND grain = @GrainId AND name = @ReminderName AND version = @Version::integer RETURNING 1)
SELECT count(*)::integer FROM gone
$$),
('DeleteReminderRowsKey', $$
DELETE FROM grain_reminders WHERE service = @ServiceId
$$)
ON CONFLICT (QueryKey) DO UPDATE SET QueryText = excluded.QueryText;
