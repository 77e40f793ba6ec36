using System.Globalization;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Logging;

/// <summary>The filters of the packet history, by the names that clients know.</summary>
public static class PacketFilters
{
    private const long Micro = 1_000_000;
    private static readonly (string Name, string Column, PacketTest Test, Kind Kind)[] s_filters =
    [
        ("datasource", "datasource", PacketTest.Like, Kind.Text),
        ("dlt", "dlt", PacketTest.Equal, Kind.Whole),
        ("frequency", "frequency", PacketTest.Equal, Kind.Real),
        ("frequency_min", "frequency", PacketTest.AtLeast, Kind.Real),
        ("frequency_max", "frequency", PacketTest.AtMost, Kind.Real),
        ("signal_min", "signal", PacketTest.AtLeast, Kind.Whole),
        ("signal_max", "signal", PacketTest.AtMost, Kind.Whole),
        ("address_source", "sourcemac", PacketTest.Like, Kind.Address),
        ("address_dest", "destmac", PacketTest.Like, Kind.Address),
        ("address_trans", "transmac", PacketTest.Like, Kind.Address),
        ("location_lat_min", "lat", PacketTest.AtLeast, Kind.Real),
        ("location_lat_max", "lat", PacketTest.AtMost, Kind.Real),
        ("location_lon_min", "lon", PacketTest.AtLeast, Kind.Real),
        ("location_lon_max", "lon", PacketTest.AtMost, Kind.Real),
        ("size_min", "packet_len", PacketTest.AtLeast, Kind.Whole),
        ("size_max", "packet_len", PacketTest.AtMost, Kind.Whole),
        ("tag", "tags", PacketTest.Like, Kind.Text),
    ];

    private enum Kind : byte
    {
        Text,
        Address,
        Whole,
        Real,
    }

    /// <summary>Makes a query of the filters that a client gave.</summary>
    /// <param name="value">Gives the value of a filter by its name; null without. Names that are none are never asked for.</param>
    /// <exception cref="LogException">A value is none of its filter; the message begins with its name.</exception>
    public static PacketQuery Read(Func<string, string?> value)
    {
        List<PacketCondition> conditions = [];
        foreach ((string name, string column, PacketTest test, Kind kind) in s_filters)
        {
            if (value(name) is { } text)
            {
                conditions.Add(Read(name, column, test, kind, text));
            }
        }
        PacketQuery query = new()
        {
            Conditions = conditions,
            FromUs = value("timestamp_start") is { } from ? Time("timestamp_start", from, end: false) : long.MinValue,
            ToUs = value("timestamp_end") is { } to ? Time("timestamp_end", to, end: true) : long.MaxValue,
            Limit = value("limit") is { } limit ? Whole("limit", limit, 0) : long.MaxValue,
        };
        return value("device_id") is { } device ? OfDevice(query, device, conditions) : query;
    }

    /// <summary>Unix seconds, with or without a fraction, as microseconds.</summary>
    /// <exception cref="LogException">It is no such time; the message begins with its name.</exception>
    public static long TimeUs(string name, string text) => Time(name, text, end: false);

    // A log has the key 0 for every packet, as Kismet's has; here the key of a device means its address.
    private static PacketQuery OfDevice(PacketQuery query, string key, List<PacketCondition> conditions)
    {
        if (DeviceKey.TryParse(key, out DeviceId id, out bool known))
        {
            if (!known || id.Address.IsZero)
            {
                return query with { Nothing = true };
            }
            conditions.Add(new("phyname", PacketTest.Equal, id.Phy.Name));
            return query with { Device = id.Address };
        }
        conditions.Add(new("devkey", PacketTest.Like, key));
        return query;
    }

    private static PacketCondition Read(string name, string column, PacketTest test, Kind kind, string text) => kind switch
    {
        Kind.Whole => new(column, test, Whole(name, text, long.MinValue)),
        Kind.Real => new(column, test, Real(name, text)),
        // A whole address can be looked up; with wildcards it is compared with each.
        Kind.Address when MacAddress.TryParseAny(text, out MacAddress address) => new(column, PacketTest.Equal, address.ToString()),
        _ => new(column, test, text),
    };

    private static long Whole(string name, string text, long least) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least
            ? number
            : throw new LogException($"{name}: expected {(least == 0 ? "a count" : "a whole number")}, got '{Shown(text)}'");

    private static double Real(string name, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new LogException($"{name}: expected a number, got '{Shown(text)}'");

    // Seconds without a fraction are whole ones, to their ends, as Kismet compares them.
    private static long Time(string name, string text, bool end)
    {
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal seconds) || seconds < 0 || seconds > uint.MaxValue)
        {
            throw new LogException($"{name}: expected seconds since 1970, got '{Shown(text)}'");
        }
        long us = (long)(seconds * Micro);
        return end && decimal.IsInteger(seconds) && !text.Contains('.', StringComparison.Ordinal) ? us + Micro - 1 : us;
    }

    private static string Shown(string text) => text[..Math.Min(text.Length, 32)];
}
