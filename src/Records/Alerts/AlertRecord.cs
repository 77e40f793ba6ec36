using System.Globalization;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Alerts;

/// <summary>What was noticed: by a partition, by the server, or by whoever used the command for it.</summary>
/// <param name="Header">Name of the kind of alert.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.RaisedAlert")]
public sealed record RaisedAlert([property: Id(0)] string Header, [property: Id(1)] string Text)
{
    /// <summary>Class and weight of an alert that has no definition and so no limit: what happens once, as at the start.</summary>
    [Id(2)] public OneShot? Once { get; init; }

    /// <summary>Device that it is about; null without.</summary>
    [Id(3)] public DeviceId? Device { get; init; }

    /// <summary>Access point, zero without.</summary>
    [Id(4)] public MacAddress Bssid { get; init; }

    /// <summary>Sender, zero without.</summary>
    [Id(5)] public MacAddress Source { get; init; }

    /// <summary>Receiver, zero without.</summary>
    [Id(6)] public MacAddress Destination { get; init; }

    /// <summary>Another address that takes part, zero without.</summary>
    [Id(7)] public MacAddress Other { get; init; }

    /// <summary>Channel in words: "0" where a frame names none, "" where there is no frame.</summary>
    [Id(8)] public string Channel { get; init; } = "";

    /// <summary>Where it was seen; null without.</summary>
    [Id(9)] public GeoPoint? Location { get; init; }
}

/// <summary>What an alert without definition says of itself.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.OneShot")]
public sealed record OneShot([property: Id(0)] string Class, [property: Id(1)] byte Severity);

/// <summary>An alert that was raised (<c>kismet.alert.*</c>).</summary>
/// <param name="Class">Class of its kind.</param>
/// <param name="Severity">Weight of its kind.</param>
/// <param name="PhyId">Phy of its kind.</param>
/// <param name="Microseconds">Microseconds since 1970, by the server's clock; no two alerts have the same.</param>
public sealed record AlertRecord(RaisedAlert Alert, string Class, byte Severity, int PhyId, long Microseconds)
{
    /// <summary>Number by which it is asked for.</summary>
    public uint Hash { get; } = DeviceKey.Adler32(string.Create(
        CultureInfo.InvariantCulture,
        $"{Alert.Header}{Severity}{PhyId}{Microseconds / 1e6:F6}{Alert.Bssid}{Alert.Source}{Alert.Destination}{Alert.Other}{Alert.Channel}"));

    /// <summary>Unix time with its fraction.</summary>
    public double Seconds => Microseconds / 1e6;
}

/// <summary>Alerts since a time, and the time of this answer.</summary>
/// <param name="Alerts">Alerts, oldest first.</param>
/// <param name="Microseconds">Microseconds since 1970 of the answer.</param>
public sealed record AlertList(IReadOnlyList<AlertRecord> Alerts, long Microseconds);
