using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Presence;

/// <summary>What a partition knows of presence beside what its store has.</summary>
/// <param name="Blocks">Blocks, as <see cref="PresenceBlock.Read"/> reads them.</param>
/// <param name="StoredBelow">Blocks of the partition in the store count if their numbers are less: later ones are here, or came after the question.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PresenceShare")]
public sealed record PresenceShare([property: Id(0)] byte[][] Blocks, [property: Id(1)] long StoredBelow);

/// <summary>
/// Who was where, of the devices of one partition. What a source sees of a device in the five minutes that go on stands with the device (<see cref="SeenBy"/>), and is saved with it; when it is seen
/// in other five minutes, those before are an entry. Entries wait, saved too, until they fill a block. All of that goes to the store with the devices and the partition's watermarks, so that
/// nothing counts twice or is lost. Without a store it is kept here, bounded. Used by the partition's worker alone.
/// </summary>
public sealed class PresenceBook(TrackingOptions options, ISourceDirectory sources, TimeProvider clock, int partitions, bool durable)
{
    // A sensor's clock may be a little ahead; what is captured later than this was captured by one that is wrong.
    private const uint AheadSeconds = 60;

    // What a server without a store keeps at most, of all partitions: some ten million entries.
    private const int MemoryBytes = 64 * 1024 * 1024;

    // Without a store nobody takes entries: they are packed when they are this many.
    private const int PackAt = 512;

    // Entries of all partitions that wait for a database that does not answer, some 100 megabytes: hours of a campus.
    private const int MostWaiting = 2_000_000;

    // Entries that wait for others so long are a block of their own.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(1);
    private readonly Dictionary<ushort, Guid> _uuids = [];
    private readonly List<PresenceEntry> _pending = [];
    private readonly List<NumberedPresence> _saving = [];
    private readonly Queue<NumberedPresence> _kept = [];
    private long _keptBytes;
    private bool _isChanged;
    private bool _expires;
    private DateTimeOffset _waitingSince;
    private DateTimeOffset _expired;
    private long _last;

    private bool IsOn => options.PresenceFor > TimeSpan.Zero;

    /// <summary>Takes in what was saved.</summary>
    internal void Restore(PresenceImage image)
    {
        _last = image.Last;
        if (image.Pending.Length > 0)
        {
            PresenceReader.Read(image.Pending.Span, new(0, uint.MaxValue), _pending.Add);
            _waitingSince = clock.GetUtcNow();
        }
    }

    /// <summary>Takes note that a source captured a packet of a device's own.</summary>
    internal void Note(DeviceId device, SeenBy seen, in Observation o, uint now)
    {
        if (!IsOn)
        {
            return;
        }
        uint slot = (o.Seconds > now + (ulong)AheadSeconds ? now : o.Seconds) / PresenceEntry.SlotSeconds;
        if (seen.PresenceSlot != slot)
        {
            Close(device, seen);
            seen.PresenceSlot = slot;
            Learn(seen.SourceNumber);
        }
        if (seen.PresencePackets < uint.MaxValue)
        {
            seen.PresencePackets++;
        }
        if (o.HasRadio && o.SignalKind == SignalKind.Dbm && o.Signal is < 0 and >= sbyte.MinValue)
        {
            seen.PresenceSignal = PresenceEntry.Louder(seen.PresenceSignal, (sbyte)o.Signal);
        }
    }

    /// <summary>Makes an entry of what a source saw of a device, since that ends.</summary>
    internal void Close(DeviceId device, SeenBy seen)
    {
        if (seen.PresencePackets > 0)
        {
            if (_pending.Count == 0)
            {
                _waitingSince = clock.GetUtcNow();
            }
            if (_pending.Count >= Math.Max(PackAt, MostWaiting / partitions))
            {
                // Room for a while: the list moves what is left.
                int lost = (_pending.Count / 8) + 1;
                _pending.RemoveRange(0, lost);
                Meters.PresenceLost.Add(lost);
            }
            _pending.Add(Open(device, seen));
            _isChanged = true;
            if (!durable && _pending.Count >= PackAt)
            {
                Keep();
            }
        }
        (seen.PresenceSlot, seen.PresencePackets, seen.PresenceSignal) = (0, 0, 0);
    }

    /// <summary>Makes entries of what all sources saw of a device, since it is forgotten.</summary>
    internal void Close(Device device)
    {
        foreach (SeenBy seen in device.SeenBy)
        {
            Close(device.Id, seen);
        }
    }

    /// <summary>Forgets who had a source's number.</summary>
    internal void Forget(ushort source) => _ = _uuids.Remove(source);

    /// <summary>Has what is too old forgotten, now and then.</summary>
    internal void Maintain()
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (!durable)
        {
            if (_pending.Count > 0 && now - _waitingSince >= s_longestWait)
            {
                Keep();
            }
            Expire();
        }
        else if (now - _expired >= s_longestWait)
        {
            _expired = now;
            _expires = true;
        }
    }

    /// <summary>Gives what is to be saved.</summary>
    internal void Take(PartitionChanges changes)
    {
        // A save before this one has ended: the store has them.
        _saving.Clear();
        bool isDue = _pending.Count > 0 && clock.GetUtcNow() - _waitingSince >= s_longestWait;
        if (!_isChanged && !isDue && !_expires)
        {
            return;
        }
        List<PresenceBlock> blocks = PresenceBlock.Pack(_pending, out int left);
        int full = isDue ? blocks.Count : Math.Max(0, blocks.Count - 1);
        for (int i = 0; i < full; i++)
        {
            _saving.Add(new(NextNumber(), blocks[i]));
        }
        if (full > 0)
        {
            _pending.RemoveRange(0, isDue ? _pending.Count : _pending.Count - left);
            _waitingSince = clock.GetUtcNow();
        }
        changes.Presence = new(_saving, full < blocks.Count ? blocks[full] : null, _last, Micros(clock.GetUtcNow() - options.PresenceFor));
        _isChanged = _expires = false;
    }

    /// <summary>The entries that are asked for, of those that the store does not have.</summary>
    /// <param name="devices">The devices that may have some.</param>
    internal PresenceShare Read(PresenceQuery query, ReadOnlySpan<Device> devices)
    {
        List<PresenceEntry> entries = _pending.FindAll(entry => query.Takes(entry));
        foreach (Device device in devices)
        {
            foreach (SeenBy seen in device.SeenBy)
            {
                if (seen.PresencePackets > 0 && seen.PresenceSlot >= query.First && seen.PresenceSlot <= query.Last
                    && Open(device.Id, seen) is var entry && query.Takes(entry))
                {
                    entries.Add(entry);
                }
            }
        }
        IEnumerable<byte[]> whole = _saving.Concat(_kept).Where(kept => kept.Block.First <= query.Last && kept.Block.Last >= query.First).Select(static kept => kept.Block.Bytes);
        return new([.. PresenceBlock.Pack(entries, out _).Select(static block => block.Bytes), .. whole], _saving.Count > 0 ? _saving[0].Number : _last + 1);
    }

    private PresenceEntry Open(DeviceId device, SeenBy seen) =>
        new(device.Value, seen.PresenceSlot, Learn(seen.SourceNumber), seen.PresencePackets, seen.PresenceSignal);

    // Kept, since a source may be forgotten, and its number another's, while what it saw is not an entry yet.
    private Guid Learn(ushort number)
    {
        if (!_uuids.TryGetValue(number, out Guid uuid) && sources.Find(number) is { } source)
        {
            _uuids.Add(number, uuid = source.Uuid);
        }
        return uuid;
    }

    private void Keep()
    {
        foreach (PresenceBlock block in PresenceBlock.Pack(_pending, out _))
        {
            _kept.Enqueue(new(NextNumber(), block));
            _keptBytes += block.Bytes.Length;
        }
        _pending.Clear();
        Expire();
    }

    private void Expire()
    {
        long oldest = Micros(clock.GetUtcNow() - options.PresenceFor);
        while (_kept.TryPeek(out NumberedPresence first) && (first.Number < oldest || _keptBytes > MemoryBytes / partitions))
        {
            _keptBytes -= _kept.Dequeue().Block.Bytes.Length;
        }
    }

    // When it was made, and each its own: retention goes by that.
    private long NextNumber() => _last = Math.Max(_last + 1, Micros(clock.GetUtcNow()));

    private static long Micros(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}

/// <summary>A block and its number, by which blocks of a partition are in order: microseconds since 1970 of when it was made, or the next one that is free.</summary>
public readonly record struct NumberedPresence(long Number, PresenceBlock Block);

/// <summary>What is saved of a partition's presence.</summary>
/// <param name="Full">Blocks that are full, or waited long enough. Valid until the save ends.</param>
/// <param name="Pending">What waits for more; null for nothing. Takes the place of what was saved of that before.</param>
/// <param name="Last">Number of the last block.</param>
/// <param name="Oldest">Blocks with lesser numbers are kept no longer.</param>
public sealed record PresenceChanges(IReadOnlyList<NumberedPresence> Full, PresenceBlock? Pending, long Last, long Oldest);

/// <summary>What a partition begins with.</summary>
/// <param name="Last">Number of its last block.</param>
/// <param name="Pending">What waits for more.</param>
public readonly record struct PresenceImage(long Last, ReadOnlyMemory<byte> Pending);

/// <summary>Port: the blocks of all partitions that were saved.</summary>
public interface IPresenceStore
{
    /// <summary>Blocks with entries of some slots, or of more.</summary>
    /// <param name="partition">Of this partition alone, where those who saved them had as many; null for all.</param>
    IAsyncEnumerable<StoredPresence> ReadAsync(PresenceQuery query, int? partition, CancellationToken cancellation = default);
}

/// <summary>A block of the store.</summary>
/// <param name="Partition">Number of the partition that saved it; negative where there was another number of partitions then.</param>
/// <param name="Number">Its number.</param>
/// <param name="Bytes">Its bytes.</param>
public readonly record struct StoredPresence(int Partition, long Number, byte[] Bytes);
