using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// Writes packets into a kismetdb: one prepared statement, of which only what differs from the row before is bound. Allocates nothing a packet.
/// </summary>
internal sealed class KismetDbPackets(SqliteDatabase database, ISourceDirectory sources)
{
    // Kismet's log has these for every packet: no device key, and no motion where there is no GPS beside the radio.
    private const string Insert =
        "INSERT INTO packets (rowid, ts_sec, ts_usec, phyname, sourcemac, destmac, transmac, frequency, lat, lon, alt, packet_len, signal, datasource, "
        + "dlt, packet, error, tags, datarate, hash, packetid, packet_full_len, devkey, speed, heading) "
        + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '0', 0.0, 0.0)";

    private const int Row = 1, Seconds = 2, Microseconds = 3, PhyName = 4, SourceMac = 5, DestinationMac = 6, TransmitterMac = 7, Frequency = 8,
        Latitude = 9, Longitude = 10, Altitude = 11, Length = 12, Signal = 13, Datasource = 14, LinkTypeAt = 15, Packet = 16, Error = 17, Tags = 18,
        DataRate = 19, Hash = 20, PacketId = 21, FullLength = 22;

    private const int ParameterCount = 23;
    private const string UnknownPhy = "Unknown";
    private static readonly byte[][] s_phys = [.. Phy.All.Select(static phy => System.Text.Encoding.UTF8.GetBytes(phy.Name))];
    private static readonly byte[] s_unknown = System.Text.Encoding.UTF8.GetBytes(UnknownPhy);
    private readonly SqliteStatement _insert = database.Statement(Insert);

    // What each parameter has, as bits; no value has these.
    private readonly long[] _bound = [.. Enumerable.Repeat(long.MinValue, ParameterCount)];
    private (double Latitude, double Longitude, float Altitude) _position = (double.NaN, double.NaN, float.NaN);

    public long Next { get; set; } = 1;

    public void Write(in TappedPacket packet, in PacketDigest digest, ulong number)
    {
        long us = packet.TimeNs / 1000;
        _insert.At(Row, Next);
        Number(Seconds, Math.DivRem(us, 1_000_000, out long microseconds));
        _insert.At(Microseconds, microseconds);
        if (Changed(PhyName, digest.Phy))
        {
            _insert.TextAt(PhyName, digest.Phy < 0 ? s_unknown : s_phys[digest.Phy]);
        }
        Address(SourceMac, digest.Source);
        Address(DestinationMac, digest.Destination);
        Address(TransmitterMac, digest.Transmitter);
        if (Changed(Frequency, digest.Radio.FrequencyKhz))
        {
            _insert.At(Frequency, (double)digest.Radio.FrequencyKhz);
        }
        Position(packet);
        ReadOnlySpan<byte> bytes = packet.Bytes;
        Number(Length, bytes.Length);
        Number(Signal, digest.SignalDbm);
        if (Changed(Datasource, packet.Source))
        {
            BindSource(packet.Source);
        }
        Number(LinkTypeAt, (long)packet.LinkType);
        _insert.BlobAt(Packet, bytes);
        Number(Error, digest.Error ? 1 : 0);
        if (Changed(Tags, (long)digest.Tags))
        {
            _insert.TextAt(Tags, PacketTagTexts.Text(digest.Tags));
        }
        if (Changed(DataRate, digest.Radio.Rate100Kbps))
        {
            _insert.At(DataRate, digest.Radio.Rate100Kbps / 10.0);
        }
        // As Kismet has it: 32 bits with a sign.
        Number(Hash, (int)digest.Hash);
        _insert.At(PacketId, (long)number);
        Number(FullLength, packet.OriginalLength);
        _insert.Run();
        Next++;
    }

    private bool Changed(int parameter, long value)
    {
        if (_bound[parameter] == value)
        {
            return false;
        }
        _bound[parameter] = value;
        return true;
    }

    private void Number(int parameter, long value)
    {
        if (Changed(parameter, value))
        {
            _insert.At(parameter, value);
        }
    }

    private void Address(int parameter, MacAddress address)
    {
        if (Changed(parameter, (long)address.Value))
        {
            Span<byte> text = stackalloc byte[MacText.MaxLength];
            _insert.TextAt(parameter, text[..MacText.Write(address, text)]);
        }
    }

    private void Position(in TappedPacket packet)
    {
        (double, double, float) position = packet.Fix == 0 ? default
            : (packet.Latitude, packet.Longitude, packet.Fix == 3 ? packet.Altitude : 0);
        if (position != _position)
        {
            _position = position;
            _insert.At(Latitude, _position.Latitude);
            _insert.At(Longitude, _position.Longitude);
            _insert.At(Altitude, (double)_position.Altitude);
        }
    }

    private void BindSource(ushort number)
    {
        string uuid = (sources.Find(number)?.Uuid ?? Guid.Empty).ToString().ToUpperInvariant();
        _insert.TextAt(Datasource, System.Text.Encoding.UTF8.GetBytes(uuid));
    }
}
