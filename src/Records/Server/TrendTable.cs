using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.TrendPoint>;

namespace KismetOrleans.Records.Server;

/// <summary>What was seen in a minute, an hour or a day (<c>kismet.trend.*</c>).</summary>
[GenerateSerializer, Alias("KismetOrleans.TrendPoint")]
public sealed record TrendPoint
{
    /// <summary>Unix second at which it begins.</summary>
    [Id(0)] public uint Time { get; set; }

    /// <summary>Packets that were captured in it.</summary>
    [Id(1)] public ulong Packets { get; set; }

    /// <summary>Packets that the server received in it, whenever they were captured.</summary>
    [Id(2)] public ulong Received { get; set; }

    /// <summary>The most devices that were known in it; 0 where nobody looked.</summary>
    [Id(3)] public ulong Devices { get; set; }

    /// <summary>Frequencies and channels with packets that were captured in it.</summary>
    [Id(4)] public ulong Channels { get; set; }

    /// <summary>Alerts that were raised in it.</summary>
    [Id(5)] public ulong Alerts { get; set; }
}

/// <summary>Fields of a minute, an hour or a day.</summary>
public static class TrendTable
{
    /// <summary>What was seen in a minute, an hour or a day.</summary>
    public static readonly RecordTable<TrendPoint> Table = new("trend",
    [
        Field.UInt64("kismet.trend.time", "unix second at which it begins", static p => p.Time),
        Field.UInt64("kismet.trend.packets", "packets captured in it", static p => p.Packets),
        Field.UInt64("kismet.trend.received", "packets received in it, whenever they were captured", static p => p.Received),
        Field.UInt64("kismet.trend.devices", "the most devices known in it, 0 where nobody looked", static p => p.Devices),
        Field.UInt64("kismet.trend.channels", "frequencies and channels with packets captured in it", static p => p.Channels),
        Field.UInt64("kismet.trend.alerts", "alerts raised in it", static p => p.Alerts),
    ]);
}
