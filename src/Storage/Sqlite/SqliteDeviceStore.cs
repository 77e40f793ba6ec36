using System.Collections.Concurrent;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Storage.Sqlite;

internal sealed class SqliteDeviceStore(SqliteWriter writer, string path, int partitions, TimeProvider clock) : IDeviceStore
{
    // Bytes of duplicate filters written so far, by partition.
    private readonly ConcurrentDictionary<int, long> _seenUpTo = new();

    public async ValueTask<PartitionImage> LoadAsync(int partition, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)partition, (uint)partitions, nameof(partition));
        // What the loader before saves comes before this in the writer's queue, or is refused.
        long epoch = await writer.DoAsync(database => TakeOver(database, partition), cancellation);
        (PartitionImage image, List<SpoiledRow> spoiled) = await Task.Run(
            () =>
            {
                using SqliteDatabase database = new(path, readOnly: true);
                return Read(database, partition, epoch);
            },
            cancellation);
        if (spoiled.Count > 0)
        {
            _ = await writer.DoAsync(database => SetAside(database, spoiled), cancellation);
        }
        return image;
    }

    public async ValueTask SaveAsync(PartitionChanges changes, CancellationToken cancellation = default)
    {
        if (changes.IsEmpty)
        {
            return;
        }
        long upTo = _seenUpTo.AddOrUpdate(
            changes.Partition, static (_, bytes) => bytes, static (_, before, bytes) => before + bytes, (long)changes.Seen.Length);
        await writer.DoAsync(new SaveJob(changes, upTo, clock.GetUtcNow(), cancellation));
    }

    private static long TakeOver(SqliteDatabase database, int partition)
    {
        database.Statement("INSERT INTO partitions (partition, epoch) VALUES (?, 1) ON CONFLICT (partition) DO UPDATE SET epoch = epoch + 1")
            .Bind(partition).Run();
        return SaveJob.EpochOf(database, partition);
    }

    // Only as it was read: who loads the partition later may have saved another one at its place.
    private int SetAside(SqliteDatabase database, List<SpoiledRow> spoiled)
    {
        foreach (SpoiledRow row in spoiled)
        {
            database.Statement(
                "INSERT INTO devices_set_aside (place, seen, first_time, last_time, state, reason, found) "
                + "SELECT place, seen, first_time, last_time, state, ?, ? FROM devices WHERE place = ? AND state = ?")
                .Bind(row.Reason).Bind(clock.GetUtcNow().ToUnixTimeSeconds()).Bind(row.Place).Bind(row.State).Run();
            database.Statement("DELETE FROM devices WHERE place = ? AND state = ?").Bind(row.Place).Bind(row.State).Run();
        }
        return spoiled.Count;
    }

    private (PartitionImage Image, List<SpoiledRow> Spoiled) Read(SqliteDatabase database, int partition, long epoch)
    {
        Dictionary<ulong, Watermark> watermarks = [];
        SqliteStatement marks = database.Statement("SELECT feed, boot_id, sequence FROM watermarks WHERE partition = ?").Bind(partition);
        while (marks.Step())
        {
            watermarks.Add((ulong)marks.Int64(0), new((ulong)marks.Int64(1), (ulong)marks.Int64(2)));
        }
        List<ReadOnlyMemory<byte>> seen = [];
        SqliteStatement learnt = database.Statement("SELECT up_to, octets FROM heard WHERE partition = ? ORDER BY up_to").Bind(partition);
        long upTo = 0;
        while (learnt.Step())
        {
            upTo = learnt.Int64(0);
            seen.Add(learnt.Blob(1).ToArray());
        }
        _seenUpTo[partition] = upTo;
        PresenceImage presence = SqlitePresenceStore.Load(database, partition);
        (List<Device> devices, List<SpoiledRow> spoiled) = DevicePlaces.Read(Rows(database, partition));
        return (new(epoch, devices, watermarks, seen) { Presence = presence, SetAside = spoiled.ConvertAll(static row => row.InWords) }, spoiled);
    }

    private IEnumerable<(long Seen, long Place, byte[] State)> Rows(SqliteDatabase database, int partition)
    {
        (long first, long last) = DevicePlaces.RangeOf(partition, partitions);
        SqliteStatement rows = database.Statement("SELECT seen, state, place FROM devices WHERE place BETWEEN ? AND ?").Bind(first).Bind(last);
        while (rows.Step())
        {
            yield return (rows.Int64(0), rows.Int64(2), rows.Blob(1).ToArray());
        }
    }

    private sealed class SaveJob(PartitionChanges changes, long upTo, DateTimeOffset now, CancellationToken cancellation) : SqliteJob(cancellation)
    {
        public override int Weight => changes.Bytes.Length + changes.Seen.Length;

        public static long EpochOf(SqliteDatabase database, int partition) =>
            database.Statement("SELECT epoch FROM partitions WHERE partition = ?").Bind(partition).Single();

        public override void Run(SqliteDatabase database)
        {
            if (EpochOf(database, changes.Partition) != changes.Epoch)
            {
                throw new SqliteRefusal(new StaleEpochException(changes.Partition));
            }
            foreach (DeviceId removed in changes.Removed)
            {
                database.Statement("DELETE FROM devices WHERE place = ?").Bind(DevicePlaces.Of(removed)).Run();
            }
            SqliteStatement upsert = database.Statement(
                "INSERT INTO devices (place, seen, first_time, last_time, state) VALUES (?, ?, ?, ?, ?) ON CONFLICT (place) DO UPDATE "
                + "SET first_time = excluded.first_time, last_time = excluded.last_time, state = excluded.state");
            long seen = DevicePlaces.SeenAt(now);
            for (int i = 0; i < changes.Changed.Count; i++)
            {
                ChangedDevice device = changes.Changed[i];
                upsert.Bind(DevicePlaces.Of(device.Id)).Bind(seen + i).Bind(device.FirstTime).Bind(device.LastTime).Bind(changes.StateOf(i).Span).Run();
            }
            foreach ((ulong feed, Watermark mark) in changes.Watermarks)
            {
                database.Statement(
                    "INSERT INTO watermarks (partition, feed, boot_id, sequence) VALUES (?, ?, ?, ?) ON CONFLICT (partition, feed) DO UPDATE "
                    + "SET boot_id = excluded.boot_id, sequence = excluded.sequence")
                    .Bind(changes.Partition).Bind((long)feed).Bind((long)mark.BootId).Bind((long)mark.Sequence).Run();
            }
            SaveSeen(database);
            if (changes.Presence is { } presence)
            {
                SqlitePresenceStore.Save(database, changes.Partition, presence);
            }
        }

        private void SaveSeen(SqliteDatabase database)
        {
            if (changes.Seen.Length == 0)
            {
                return;
            }
            database.Statement("INSERT INTO heard (partition, up_to, octets) VALUES (?, ?, ?)")
                .Bind(changes.Partition).Bind(upTo).Bind(changes.Seen).Run();
            database.Statement("DELETE FROM heard WHERE partition = ? AND up_to <= ?").Bind(changes.Partition).Bind(upTo - changes.SeenCapacity).Run();
        }
    }
}
