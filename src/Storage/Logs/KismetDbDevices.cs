using System.Text.Json;
using KismetOrleans.Records.Devices;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>Writes a device into a kismetdb, as the API prints it, with some of its fields in columns.</summary>
internal static class KismetDbDevices
{
    // A row stays where it is: written anew it would leave a hole that the next one does not fit into.
    private const string Upsert =
        "INSERT INTO devices (first_time, last_time, devkey, phyname, devmac, strongest_signal, min_lat, min_lon, max_lat, max_lon, avg_lat, avg_lon, "
        + "bytes_data, type, device) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        + "ON CONFLICT (phyname, devmac) DO UPDATE SET first_time = excluded.first_time, last_time = excluded.last_time, "
        + "strongest_signal = excluded.strongest_signal, min_lat = excluded.min_lat, min_lon = excluded.min_lon, max_lat = excluded.max_lat, "
        + "max_lon = excluded.max_lon, avg_lat = excluded.avg_lat, avg_lon = excluded.avg_lon, bytes_data = excluded.bytes_data, type = excluded.type, "
        + "device = excluded.device";

    /// <param name="json">A device's JSON, perhaps with the end of its line.</param>
    /// <returns>Whether it has a row. One that a filter keeps out is counted there.</returns>
    public static bool Write(KismetDbFile file, ReadOnlySpan<byte> json)
    {
        json = json.TrimEnd((byte)'\n');
        Columns columns = Read(json);
        if (IsBlocked(file, columns))
        {
            file.Filters.Count(packets: 0, devices: 1);
            return false;
        }
        SqliteStatement row = file.Row(Upsert).Bind(columns.FirstTime).Bind(columns.LastTime);
        row.Bind(columns.Key).Bind(columns.Phy).Bind(columns.Mac).Bind(columns.StrongestSignal)
            .Bind(columns.Min.Lat).Bind(columns.Min.Lon).Bind(columns.Max.Lat).Bind(columns.Max.Lon).Bind(columns.Average.Lat).Bind(columns.Average.Lon)
            .Bind(columns.DataSize).Bind(columns.Type).Bind(json).Run();
        return true;
    }

    private static bool IsBlocked(KismetDbFile file, Columns columns) =>
        Phy.All.FirstOrDefault(phy => phy.Name == columns.Phy) is { } phy && MacAddress.TryParseAny(columns.Mac, out MacAddress address)
        && file.Filters.BlocksDevice(phy.Id, address);

    private static Columns Read(ReadOnlySpan<byte> json)
    {
        Columns columns = new();
        Utf8JsonReader reader = new(json);
        _ = reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> name = reader.ValueSpan;
            _ = reader.Read();
            if (name.SequenceEqual("kismet.device.base.key"u8))
            {
                columns.Key = reader.GetString()!;
            }
            else if (name.SequenceEqual("kismet.device.base.macaddr"u8))
            {
                columns.Mac = reader.GetString()!;
            }
            else if (name.SequenceEqual("kismet.device.base.phyname"u8))
            {
                columns.Phy = reader.GetString()!;
            }
            else if (name.SequenceEqual("kismet.device.base.type"u8))
            {
                columns.Type = reader.GetString()!;
            }
            else if (name.SequenceEqual("kismet.device.base.first_time"u8))
            {
                columns.FirstTime = reader.GetInt64();
            }
            else if (name.SequenceEqual("kismet.device.base.last_time"u8))
            {
                columns.LastTime = reader.GetInt64();
            }
            else if (name.SequenceEqual("kismet.device.base.datasize"u8))
            {
                columns.DataSize = reader.GetInt64();
            }
            else if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
            }
            else if (name.SequenceEqual("kismet.device.base.signal"u8))
            {
                columns.StrongestSignal = Number(ref reader, "kismet.common.signal.max_signal"u8);
            }
            else if (name.SequenceEqual("kismet.device.base.location"u8))
            {
                ReadLocation(ref reader, columns);
            }
            else
            {
                reader.Skip();
            }
        }
        return columns;
    }

    private static long Number(ref Utf8JsonReader reader, ReadOnlySpan<byte> member)
    {
        long number = 0;
        while (Member(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual(member))
            {
                number = reader.GetInt64();
            }
            else
            {
                reader.Skip();
            }
        }
        return number;
    }

    private static void ReadLocation(ref Utf8JsonReader reader, Columns columns)
    {
        while (Member(ref reader, out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual("kismet.common.location.min_loc"u8))
            {
                columns.Min = Point(ref reader);
            }
            else if (name.SequenceEqual("kismet.common.location.max_loc"u8))
            {
                columns.Max = Point(ref reader);
            }
            else if (name.SequenceEqual("kismet.common.location.avg_loc"u8))
            {
                columns.Average = Point(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // Degrees east come first.
    private static (double Lat, double Lon) Point(ref Utf8JsonReader reader)
    {
        (double Lat, double Lon) point = default;
        while (Member(ref reader, out ReadOnlySpan<byte> name))
        {
            if (!name.SequenceEqual("kismet.common.location.geopoint"u8))
            {
                reader.Skip();
                continue;
            }
            _ = reader.Read();
            point.Lon = reader.GetDouble();
            _ = reader.Read();
            point.Lat = reader.GetDouble();
            _ = reader.Read();
        }
        return point;
    }

    // The next member of an object whose start was read, with its value's first token; false at its end, and for what is no object.
    private static bool Member(ref Utf8JsonReader reader, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }
        name = reader.ValueSpan;
        _ = reader.Read();
        return true;
    }

    private sealed class Columns
    {
        public string Key = "";
        public string Mac = "";
        public string Phy = "";
        public string Type = "";
        public long FirstTime;
        public long LastTime;
        public long DataSize;
        public long StrongestSignal;
        public (double Lat, double Lon) Min;
        public (double Lat, double Lon) Max;
        public (double Lat, double Lon) Average;
    }
}
