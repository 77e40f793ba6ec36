using System.Globalization;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Hashing;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.LoggedPacket>;

namespace KismetOrleans.Records.Server;

/// <summary>
/// Names a packet of the log by what it is: its time, its source and a hash of its bytes, wherever and in whichever file it stands. Packets that are alike
/// in all of it are the same for whoever looks at one.
/// </summary>
/// <param name="TimeUs">Microseconds since 1970.</param>
/// <param name="Hash">Hash of the bytes.</param>
public readonly record struct PacketId(long TimeUs, Guid Source, ulong Hash)
{
    private const char Separator = '-';

    internal static PacketId Of(long timeUs, Guid source, ReadOnlySpan<byte> bytes) => new(timeUs, source, FrameHash.Compute(bytes));

    /// <summary>Reads the text of <see cref="ToString"/>.</summary>
    public static bool TryParse(string text, out PacketId id)
    {
        id = default;
        string[] parts = text.Split(Separator);
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long us)
            || !Guid.TryParseExact(parts[1], "N", out Guid source)
            || parts[2].Length != 16
            || !ulong.TryParse(parts[2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hash))
        {
            return false;
        }
        id = new(us, source, hash);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TimeUs}{Separator}{Source:N}{Separator}{Hash:x16}");
}

/// <summary>A packet of the log, without its bytes.</summary>
/// <param name="TimeUs">Microseconds since 1970.</param>
/// <param name="PhyName">Phy, or what the log says where it knows none.</param>
public sealed record LoggedPacket(long TimeUs, string PhyName)
{
    public ulong Hash { get; init; }

    public PacketId Id => new(TimeUs, Datasource, Hash);

    /// <summary>Sender; zero where there is none.</summary>
    public MacAddress Source { get; init; }

    /// <summary>Destination; zero where there is none.</summary>
    public MacAddress Destination { get; init; }

    /// <summary>Transmitter, where the log has one; else zero.</summary>
    public MacAddress Transmitter { get; init; }

    /// <summary>Frequency in kHz; 0 where it is not known.</summary>
    public double FrequencyKhz { get; init; }

    /// <summary>Signal in dBm; 0 where it is not known.</summary>
    public int SignalDbm { get; init; }

    /// <summary>Bytes captured.</summary>
    public int Length { get; init; }

    /// <summary>Bytes on the air.</summary>
    public int FullLength { get; init; }

    public Guid Datasource { get; init; }
    public int LinkType { get; init; }

    /// <summary>Degrees north; 0 with longitude 0 where there is no position.</summary>
    public double Latitude { get; init; }

    /// <summary>Degrees east.</summary>
    public double Longitude { get; init; }

    /// <summary>Metres; 0 where the log has none.</summary>
    public double Altitude { get; init; }

    /// <summary>What it is, as the log's tags say.</summary>
    public string Tags { get; init; } = "";

    /// <summary>The device of an address; null where none can have it.</summary>
    internal DeviceId? DeviceOf(MacAddress address) =>
        address.IsZero || address.IsGroup || Phy.All.FirstOrDefault(phy => phy.Name == PhyName) is not { } phy ? null : new(phy, address);
}

/// <summary>Fields of packets of the log.</summary>
public static class LoggedPacketTable
{
    private const long Micro = 1_000_000;

    public static readonly RecordTable<LoggedPacket> Table = new("loggedpacket",
    [
        Field.Text("kismet.packet.id", "names the packet in paths", static p => p.Id.ToString()),
        Field.Double("kismet.packet.timestamp", "unix time with microseconds", static p => p.TimeUs / (double)Micro),
        Field.UInt64("kismet.packet.ts_sec", "unix second", static p => (ulong)(p.TimeUs / Micro)),
        Field.UInt64("kismet.packet.ts_usec", "microseconds within it", static p => (ulong)(p.TimeUs % Micro)),
        Field.Text("kismet.packet.phyname", "phy", static p => p.PhyName),
        Field.Mac("kismet.packet.source_mac", "who sent it", static p => p.Source, static p => !p.Source.IsZero),
        Field.Mac("kismet.packet.dest_mac", "whom it is for", static p => p.Destination, static p => !p.Destination.IsZero),
        Field.Mac("kismet.packet.trans_mac", "who put it on the air", static p => p.Transmitter, static p => !p.Transmitter.IsZero),
        Field.Key("kismet.packet.source_key", "key of the device that sent it", static p => p.DeviceOf(p.Source)!.Value, static p => p.DeviceOf(p.Source) is not null),
        Field.Key(
            "kismet.packet.dest_key", "key of the device that it is for", static p => p.DeviceOf(p.Destination)!.Value, static p => p.DeviceOf(p.Destination) is not null),
        Field.Key(
            "kismet.packet.trans_key", "key of the device that put it on the air",
            static p => p.DeviceOf(p.Transmitter)!.Value, static p => p.DeviceOf(p.Transmitter) is not null),
        Field.Whole("kismet.packet.frequency", "kHz; 0 where it is not known", static p => p.FrequencyKhz),
        Field.Int32("kismet.packet.signal", "dBm; 0 where it is not known", static p => p.SignalDbm),
        Field.UInt32("kismet.packet.len", "bytes captured", static p => (ulong)p.Length),
        Field.UInt32("kismet.packet.full_len", "bytes on the air", static p => (ulong)p.FullLength),
        Field.Uuid("kismet.packet.datasource", "datasource that saw it", static p => p.Datasource),
        Field.UInt64("kismet.packet.dlt", "link type of the bytes", static p => (ulong)p.LinkType),
        Field.Double("kismet.packet.lat", "degrees north; 0 beside a longitude of 0 without a position", static p => p.Latitude),
        Field.Double("kismet.packet.lon", "degrees east", static p => p.Longitude),
        Field.Double("kismet.packet.alt", "metres; 0 where it is not known", static p => p.Altitude),
        Field.Text("kismet.packet.tags", "what it is, in the words of the filter", static p => p.Tags),
    ]);
}
