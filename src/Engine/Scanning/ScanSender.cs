using System.Runtime.ExceptionServices;
using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Scanning;

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
    private readonly PartitionFeed _feed = new(feed, partitions, observer);

    /// <summary>What went wrong last; null when nothing did.</summary>
    public Exception? Fault { get; private set; }

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
            _feed.Send(BootId, number++);
            more = count == MaxPiece;
        }
        while (more);
        return true;
    }

    /// <summary>Waits until the partitions have applied what was sent.</summary>
    public async ValueTask<bool> DrainAsync()
    {
        (bool gap, ExceptionDispatchInfo? fault) = await _feed.DrainAsync();
        Fault = fault?.SourceException ?? Fault;
        return !gap && fault is null;
    }

    /// <summary>What comes next was sent before: begins anew with every partition. Only after <see cref="DrainAsync"/>.</summary>
    public void Rewind()
    {
        _feed.Rewind();
        Fault = null;
    }

    /// <inheritdoc cref="PartitionFeed.TakeTouched"/>
    public IReadOnlyList<(int Partition, ulong Sequence)> TakeTouched() => _feed.TakeTouched();

    /// <inheritdoc cref="PartitionFeed.FlushAsync"/>
    public Task<bool> FlushAsync(IReadOnlyList<(int Partition, ulong Sequence)> touched) => _feed.FlushAsync(BootId, touched);

    private int Fill(ReadOnlySpan<byte> entry, ref ScanEntry.Cursor cursor, uint now, out long[] byPhy)
    {
        ObservationBatch[] filling = _feed.Begin(0, now);
        byPhy = new long[Phy.All.Count];
        int count = 0;
        while (count < MaxPiece && cursor.TryRead(entry, out ScanRecord record, out ReadOnlySpan<byte> payload))
        {
            bool isWiFi = cursor.Kind == VirtualKind.WiFi;
            Phy phy = isWiFi ? Phy.Dot11 : Phy.Bluetooth;
            ObservationBatch batch = filling[Partitioning.Of(new(phy, record.Address), filling.Length)];
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

    internal static GeoPoint PlaceOf(in ScanRecord record) => new()
    {
        Latitude = record.Latitude,
        Longitude = record.Longitude,
        Altitude = record.Altitude,
        Speed = record.Speed,
        Fix = (byte)(record.HasAltitude ? 3 : 2),
        TimeNs = record.TimeNs,
    };
}
