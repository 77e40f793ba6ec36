using KismetOrleans.Grains.Channels;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Grains.Observations;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Grains.Scanning;

/// <summary>
/// Sends the entries of one feed to the partitions, each as one batch for each partition that it concerns. Entry n + 1 is routed while the partitions
/// apply entry n. Not thread-safe.
/// </summary>
internal sealed class ScanSender(ulong feed, IReadOnlyList<IDevicePartition> partitions, IDatasourceObserver observer, TimeProvider clock)
{
    /// <summary>A writer has one life: it takes a new feed when it starts again.</summary>
    public const ulong BootId = 1;

    /// <summary>Observations of a batch: positions in a batch are counted in 15 bits, and a message to a grain shall stay small.</summary>
    private const int MaxPiece = 16 * 1024;

    /// <summary>Batches that an entry can be cut into, as bits of their numbers.</summary>
    private const int PieceBits = 8;

    private readonly FrequencyTally _frequencies = new();
    private readonly ChannelTally _channels = new();
    private readonly ulong[] _sent = new ulong[partitions.Count];
    private readonly bool[] _touched = new bool[partitions.Count];
    private readonly Task<BatchOutcome>?[] _pending = new Task<BatchOutcome>?[partitions.Count];
    private ObservationBatch[] _filling = NewBatches(partitions.Count);
    private ObservationBatch[] _applying = NewBatches(partitions.Count);

    /// <summary>What went wrong last; null when nothing did.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Sends an entry.</summary>
    /// <param name="entry">Its octets.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="isNew">Whether it adds to the server's counts.</param>
    /// <returns>False when a partition lacks what was sent before: all that is not saved must be sent again, after <see cref="Rewind"/>.</returns>
    /// <exception cref="InvalidDataException">The entry is damaged.</exception>
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> entry, ulong sequence, bool isNew)
    {
        ScanEntry.Cursor cursor = default;
        ulong number = sequence << PieceBits;
        bool more;
        do
        {
            uint now = (uint)clock.GetUtcNow().ToUnixTimeSeconds();
            int count = Fill(entry.Span, ref cursor, now, out long[] byPhy);
            FrequencyUse[] uses = [.. _frequencies.Take(), .. _channels.Take()];
            if (isNew && count > 0)
            {
                observer.BatchAccepted(new(now, count, 0, byPhy, uses));
            }
            if (!await DrainAsync())
            {
                return false;
            }
            (_filling, _applying) = (_applying, _filling);
            Start(number++);
            more = count == MaxPiece;
        }
        while (more);
        return true;
    }

    /// <summary>Waits until the partitions have applied what was sent.</summary>
    /// <returns>As <see cref="SendAsync"/>.</returns>
    public async ValueTask<bool> DrainAsync()
    {
        // All of them, also after a fault: a batch must not be filled again while one of them still reads it.
        bool applied = true;
        for (int i = 0; i < _pending.Length; i++)
        {
            if (_pending[i] is not { } pending)
            {
                continue;
            }
            _pending[i] = null;
            try
            {
                BatchOutcome outcome = await pending;
                applied &= !outcome.Gap;
                if (outcome.Messages.Count > 0)
                {
                    observer.BatchApplied(outcome);
                }
            }
            catch (Exception e)
            {
                Fault = e;
                applied = false;
            }
        }
        return applied;
    }

    /// <summary>What comes next was sent before: begins anew with every partition. Only after <see cref="DrainAsync"/>.</summary>
    public void Rewind()
    {
        Array.Clear(_sent);
        Array.Clear(_touched);
        Fault = null;
    }

    /// <summary>The partitions that were sent something since the last call, with the number of the last batch. Only after <see cref="DrainAsync"/>.</summary>
    public List<KeyValuePair<int, ulong>> TakeTouched()
    {
        List<KeyValuePair<int, ulong>> touched = [];
        for (int i = 0; i < _touched.Length; i++)
        {
            if (_touched[i])
            {
                touched.Add(new(i, _sent[i]));
                _touched[i] = false;
            }
        }
        return touched;
    }

    /// <summary>Completes when what was sent to partitions is on disk. Touches nothing of the sender, which can go on meanwhile.</summary>
    /// <returns>False when one of them has lost it.</returns>
    public async Task<bool> FlushAsync(List<KeyValuePair<int, ulong>> touched)
    {
        bool[] saved = await Task.WhenAll(touched.Select(each => partitions[each.Key].FlushAsync(feed, BootId, each.Value).AsTask()));
        return Array.TrueForAll(saved, static yes => yes);
    }

    private int Fill(ReadOnlySpan<byte> entry, ref ScanEntry.Cursor cursor, uint now, out long[] byPhy)
    {
        foreach (ObservationBatch batch in _filling)
        {
            batch.Reset(0, now);
        }
        byPhy = new long[Phy.All.Count];
        int count = 0;
        while (count < MaxPiece && cursor.TryRead(entry, out ScanRecord record, out ReadOnlySpan<byte> payload))
        {
            bool isWiFi = cursor.Kind == VirtualKind.WiFi;
            Phy phy = isWiFi ? Phy.Dot11 : Phy.Bluetooth;
            ObservationBatch batch = _filling[Partitioning.Of(new(phy, record.Address), _filling.Length)];
            record.ToObservation(isWiFi ? ObservationKind.Dot11Scan : ObservationKind.BluetoothScan, cursor.Source, out Observation o);
            if (record.HasPlace)
            {
                o.Location = (short)batch.Locations.Count;
                batch.Locations.Add(PlaceOf(record));
            }
            batch.Add(o, payload);
            _frequencies.Count(o, 0);
            ReadOnlySpan<byte> channel = isWiFi ? Dot11ScanPayload.ChannelOf(payload) : "FHSS"u8;
            if (record.HasRadio && !channel.IsEmpty)
            {
                _channels.Count(channel, o);
            }
            byPhy[phy.Id]++;
            count++;
        }
        return count;
    }

    private void Start(ulong number)
    {
        for (int i = 0; i < _applying.Length; i++)
        {
            if (_applying[i].Count == 0)
            {
                continue;
            }
            _applying[i].Mark = new(feed, BootId, number, _sent[i]);
            _sent[i] = number;
            _touched[i] = true;
        }
        partitions.Apply(_applying, _pending);
    }

    /// <summary>The position of a record that has one.</summary>
    internal static GeoPoint PlaceOf(in ScanRecord record) => new()
    {
        Latitude = record.Latitude,
        Longitude = record.Longitude,
        Altitude = record.Altitude,
        Speed = record.Speed,
        Fix = (byte)(record.HasAltitude ? 3 : 2),
        Seconds = (uint)(record.TimeNs / 1_000_000_000),
        Microseconds = (uint)(record.TimeNs % 1_000_000_000 / 1000),
    };

    private static ObservationBatch[] NewBatches(int count) => [.. Enumerable.Range(0, count).Select(static _ => new ObservationBatch())];
}
