using System.Collections.Concurrent;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Records.Devices;
using Npgsql;

namespace KismetOrleans.Storage.Postgres;

/// <summary>Devices in PostgreSQL.</summary>
internal sealed class PostgresDeviceStore : IDeviceStore, IAsyncDisposable
{
    // A silo carries up to hundreds of partitions, each of which saves when its time has come: so they are ten commits a second, not hundreds.
    private static readonly TimeSpan s_together = TimeSpan.FromMilliseconds(100);
    private readonly PostgresConnections _connections;
    private readonly PostgresWriter<PostgresSave> _writer;
    private readonly int _partitions;
    private readonly TimeProvider _clock;

    // Bytes of duplicate filters written so far, by partition.
    private readonly ConcurrentDictionary<int, long> _seenUpTo = new();

    public PostgresDeviceStore(PostgresConnections connections, int partitions, TimeProvider clock)
    {
        (_connections, _partitions, _clock) = (connections, partitions, clock);
        PostgresPresenceDays days = new(clock, connections.Complain);
        _writer = new(connections, (connection, group, _) => PostgresSave.CommitAsync(connection, group, days), PostgresSave.Prepare, s_together);
    }

    public async ValueTask<PartitionImage> LoadAsync(int partition, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)partition, (uint)_partitions, nameof(partition));
        return await _connections.RunAsync((connection, stop) => LoadAsync(connection, partition, stop), cancellation);
    }

    public async ValueTask SaveAsync(PartitionChanges changes, CancellationToken cancellation = default)
    {
        if (changes.IsEmpty)
        {
            return;
        }
        long upTo = _seenUpTo.AddOrUpdate(
            changes.Partition, static (_, bytes) => bytes, static (_, before, bytes) => before + bytes, (long)changes.Seen.Length);
        await _writer.DoAsync(new PostgresSave(changes, upTo, DevicePlaces.SeenAt(_clock.GetUtcNow()), cancellation));
    }

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async Task<PartitionImage> LoadAsync(NpgsqlConnection connection, int partition, CancellationToken cancellation)
    {
        // A save that is under way holds this row: it is waited for, and one that comes later is refused.
        await using NpgsqlCommand takeOver = new(
            "INSERT INTO partitions (partition, epoch) VALUES ($1, 1) ON CONFLICT (partition) DO UPDATE SET epoch = partitions.epoch + 1 RETURNING epoch",
            connection)
        {
            Parameters = { new() { Value = partition } },
        };
        long epoch = (long)(await takeOver.ExecuteScalarAsync(cancellation))!;
        Dictionary<ulong, Watermark> watermarks = [];
        await using NpgsqlCommand marks = new("SELECT feed, boot_id, sequence FROM watermarks WHERE partition = $1", connection)
        {
            Parameters = { new() { Value = partition } },
        };
        await using (NpgsqlDataReader row = await marks.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                watermarks.Add((ulong)row.GetInt64(0), new((ulong)row.GetInt64(1), (ulong)row.GetInt64(2)));
            }
        }
        List<ReadOnlyMemory<byte>> seen = [];
        long upTo = 0;
        await using NpgsqlCommand learnt = new("SELECT up_to, octets FROM heard WHERE partition = $1 ORDER BY up_to", connection)
        {
            Parameters = { new() { Value = partition } },
        };
        await using (NpgsqlDataReader row = await learnt.ExecuteReaderAsync(cancellation))
        {
            while (await row.ReadAsync(cancellation))
            {
                upTo = row.GetInt64(0);
                seen.Add(row.GetFieldValue<byte[]>(1));
            }
        }
        _seenUpTo[partition] = upTo;
        PresenceImage presence = await PostgresPresenceStore.LoadAsync(connection, partition, cancellation);
        (List<Device> devices, List<SpoiledRow> spoiled) = DevicePlaces.Read(await ReadRowsAsync(connection, partition, cancellation));
        foreach (SpoiledRow row in spoiled)
        {
            await SetAsideAsync(connection, row, cancellation);
        }
        return new(epoch, devices, watermarks, seen) { Presence = presence, SetAside = spoiled.ConvertAll(static row => row.InWords) };
    }

    private async Task<List<(long Seen, long Place, byte[] State)>> ReadRowsAsync(NpgsqlConnection connection, int partition, CancellationToken cancellation)
    {
        (long first, long last) = DevicePlaces.RangeOf(partition, _partitions);
        List<(long Seen, long Place, byte[] State)> rows = [];
        await using NpgsqlCommand select = new("SELECT seen, state, place FROM devices WHERE place BETWEEN $1 AND $2", connection)
        {
            Parameters = { new() { Value = first }, new() { Value = last } },
        };
        await using NpgsqlDataReader row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            rows.Add((row.GetInt64(0), row.GetInt64(2), row.GetFieldValue<byte[]>(1)));
        }
        return rows;
    }

    // Only as it was read: who loads the partition later may have saved another one at its place.
    private async Task SetAsideAsync(NpgsqlConnection connection, SpoiledRow row, CancellationToken cancellation)
    {
        await using NpgsqlCommand move = new(
            "WITH spoiled AS (DELETE FROM devices WHERE place = $1 AND state = $2 RETURNING place, seen, first_time, last_time, state) "
            + "INSERT INTO devices_set_aside (place, seen, first_time, last_time, state, reason, found) SELECT place, seen, first_time, last_time, state, $3, $4 FROM spoiled",
            connection)
        {
            Parameters = { new() { Value = row.Place }, new() { Value = row.State }, new() { Value = row.Reason }, new() { Value = _clock.GetUtcNow().ToUnixTimeSeconds() } },
        };
        _ = await move.ExecuteNonQueryAsync(cancellation);
    }
}
