using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Logs;
using KismetOrleans.Wire.Dot11;
using Npgsql;
using NpgsqlTypes;

namespace KismetOrleans.Storage.Postgres;

/// <summary>
/// The packets of one silo on their way into the table of packets: copied in once a second, or when there are many. While the database is away they
/// wait here and in the log's queue.
/// </summary>
internal sealed class PostgresPacketFile(
    PostgresConnections connections, ISourceDirectory sources, TimeProvider clock, bool dataPackets, TimeSpan keep, FilterGate filters) : ILogFile
{
    // Of raw packets: a transaction of some ten thousand.
    private const int CopyBytes = 8 << 20;
    private static readonly TimeSpan s_filtersKnown = TimeSpan.FromSeconds(1);
    private const string Copy =
        "COPY packets (received, at, source, dlt, phy, sourcemac, destmac, transmac, frequency, signal, lat, lon, packet_len, packet_full_len, tags, packet) "
        + "FROM STDIN (FORMAT BINARY)";

    private static readonly string[] s_tags =
        [.. Enumerable.Range(0, 128).Select(static tags => System.Text.Encoding.UTF8.GetString(PacketTagTexts.Text((PacketTags)tags)))];

    private readonly List<TappedPackets> _waiting = [];
    private int _bytes;
    private DateTime _tended;

    public long Bytes => 0;

    public long Packets { get; private set; }

    public long Dropped { get; private set; }

    public void Write(TappedPackets packets, ref int position, long limit)
    {
        position = packets.Length;
        if (packets.Count == 0)
        {
            return;
        }
        if (_bytes >= CopyBytes && !filters.Known.Wait(s_filtersKnown))
        {
            // The log's queue has filled meanwhile, and here there is no more room either.
            Dropped += packets.Count;
            return;
        }
        // The block goes back to the tap.
        _waiting.Add(new(packets.Bytes[..packets.Length], packets.Length, packets.Count));
        _bytes += packets.Length;
        if (_bytes >= CopyBytes)
        {
            Flush();
        }
    }

    public void Tend() => Flush();

    public void Close()
    {
        if (!filters.Known.Wait(s_filtersKnown))
        {
            int lost = _waiting.Sum(static packets => packets.Count);
            Dropped += lost;
            _waiting.Clear();
            throw new IOException($"{lost} packets were not written, since it was never known which are to be left out");
        }
        Flush();
    }

    public void Dispose()
    {
    }

    private void Flush()
    {
        // Packets wait here, and then in the log's queue, until it is known which of them are left out.
        if (!filters.Known.IsCompleted)
        {
            return;
        }
        DateTimeOffset now = clock.GetUtcNow();
        if (_tended != now.UtcDateTime.Date)
        {
            _ = connections.RunAsync((connection, stop) => PostgresPacketDays.TendAsync(connection, now, keep, stop), default).GetAwaiter().GetResult();
            _tended = now.UtcDateTime.Date;
        }
        if (_waiting.Count > 0)
        {
            Packets += connections.RunAsync((connection, stop) => CopyAsync(connection, now, stop), default).GetAwaiter().GetResult();
            _waiting.Clear();
            _bytes = 0;
        }
    }

    private async Task<long> CopyAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken stop)
    {
        await using NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync(Copy, stop);
        long rows = 0;
        foreach (TappedPackets packets in _waiting)
        {
            int position = 0;
            while (packets.TryRead(ref position, out TappedPacket packet))
            {
                rows += packet.IsLoss ? 0 : Write(import, packet, now.UtcDateTime);
            }
        }
        _ = await import.CompleteAsync(stop);
        return rows;
    }

    // Into the importer's buffer, which is sent when it is full.
    private int Write(NpgsqlBinaryImporter import, in TappedPacket packet, DateTime received)
    {
        PacketDigest.Read(packet, out PacketDigest digest);
        if (!dataPackets && digest.Frame.Type == FrameType.Data && !digest.Source.IsZero)
        {
            return 0;
        }
        if (digest.IsBlocked(filters))
        {
            return 0;
        }
        import.StartRow();
        import.Write(received, NpgsqlDbType.TimestampTz);
        import.Write(packet.TimeNs / 1000, NpgsqlDbType.Bigint);
        import.Write(sources.Find(packet.Source)?.Uuid ?? Guid.Empty, NpgsqlDbType.Uuid);
        import.Write((int)packet.LinkType, NpgsqlDbType.Integer);
        import.Write((short)digest.Phy, NpgsqlDbType.Smallint);
        import.Write((long)digest.Source.Value, NpgsqlDbType.Bigint);
        import.Write((long)digest.Destination.Value, NpgsqlDbType.Bigint);
        import.Write((long)digest.Transmitter.Value, NpgsqlDbType.Bigint);
        import.Write((double)digest.Radio.FrequencyKhz, NpgsqlDbType.Double);
        import.Write(digest.SignalDbm, NpgsqlDbType.Integer);
        import.Write(packet.Fix == 0 ? 0 : packet.Latitude, NpgsqlDbType.Double);
        import.Write(packet.Fix == 0 ? 0 : packet.Longitude, NpgsqlDbType.Double);
        import.Write(packet.Bytes.Length, NpgsqlDbType.Integer);
        import.Write(packet.OriginalLength, NpgsqlDbType.Integer);
        import.Write(s_tags[(int)digest.Tags], NpgsqlDbType.Text);
        import.Write(packet.Bytes.ToArray(), NpgsqlDbType.Bytea);
        return 1;
    }
}
