using System.Text.Json;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Storage.Sources;

/// <summary>
/// A kismetdb from version 4 on: its packets in the order in which they were logged, with place, frequency and signal where they do not tell them themselves; then,
/// as reports of their first and last time, the access points, Wi-Fi clients and Bluetooth devices of which it has no packets, as those of phones or of a log without packets.
/// </summary>
internal sealed class KismetDbReplay : IReplayReader
{
    private const int FirstVersion = 4;

    // Until then places were whole numbers of hundred-thousandths of a degree.
    private const int FirstWithDegrees = 5;
    private const double OldDegree = 100_000;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long MaxSecond = uint.MaxValue;

    // Rows are asked for in pieces, so that a log that is still written is not held while the partitions are behind.
    private const int RowsAtOnce = 4096;
    private readonly SqliteDatabase _database;
    private readonly string _packets;
    private readonly string _devices;
    private readonly double _degree;

    // Who has sent, received or passed on a packet, by phy: devices that reports need not tell of.
    private readonly HashSet<(bool IsWiFi, ulong Address)> _heard = [];
    private readonly Queue<ScanSighting> _ready = new();
    private readonly long _packetRows;
    private readonly long _deviceRows;
    private long _packetRow;
    private long _deviceRow;
    private long _broken;
    private long _silent;
    private bool _ended;

    /// <summary>Opens a file, which may be written on meanwhile.</summary>
    /// <exception cref="PacketSourceException">It is no kismetdb, or of a version before 4.</exception>
    public KismetDbReplay(string path)
    {
        if (!System.IO.File.Exists(path))
        {
            throw new FileNotFoundException(path);
        }
        _database = new(path, readOnly: true);
        try
        {
            int version = Version(path);
            _degree = version < FirstWithDegrees ? OldDegree : 1;
            // What is logged meanwhile may be what is replayed.
            (_packetRows, _deviceRows) = (Last("packets"), Last("devices"));
            HashSet<string> columns = Columns("packets");
            string Or(string column, string otherwise) => columns.Contains(column) ? column : otherwise;
            _packets = $"SELECT rowid, ts_sec, ts_usec, dlt, packet, lat, lon, {Or("alt", "0")}, {Or("frequency", "0")}, {Or("signal", "0")}, {Or("packet_full_len", "0")}, "
                + $"phyname, sourcemac, destmac, transmac FROM packets WHERE rowid > ? AND rowid <= {_packetRows} ORDER BY rowid LIMIT {RowsAtOnce}";
            _devices = $"SELECT rowid, first_time, last_time, phyname, devmac, strongest_signal, avg_lat, avg_lon, device, type FROM devices WHERE rowid > ? AND rowid <= {_deviceRows} ORDER BY rowid LIMIT {RowsAtOnce}";
            LinkType = FirstLinkType();
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    public LinkType LinkType { get; }

    public long Length => Math.Max(1, _packetRows + _deviceRows);

    public long FilePosition => Math.Min(_packetRow, _packetRows) + Math.Min(_deviceRow, _deviceRows);

    public string? Error => !_ended || _broken + _silent == 0 ? null
        : string.Join("; ", new[]
        {
            _broken > 0 ? $"{_broken} rows left out, which have no packet or device that could be read" : null,
            _silent > 0 ? $"{_silent} devices left out, of which the log has no packets and no report could tell" : null,
        }.OfType<string>());

    public bool TryRead(PacketBatch batch)
    {
        batch.Count = 0;
        batch.Notes ??= new PacketNotes[batch.Packets.Length];
        int filled = 0;
        while (batch.Count == 0 && !_ended)
        {
            if (_packetRow < long.MaxValue)
            {
                ReadPackets(batch, ref filled);
            }
            else
            {
                ReadDevices(batch, ref filled);
            }
        }
        batch.FilePosition = FilePosition;
        return batch.Count > 0;
    }

    public void Dispose() => _database.Dispose();

    private void ReadPackets(PacketBatch batch, ref int filled)
    {
        SqliteStatement row = _database.Statement(_packets).Bind(_packetRow);
        int rows = 0;
        while (batch.Count < batch.Packets.Length && row.Step())
        {
            ReadOnlySpan<byte> bytes = row.Blob(4);
            if (bytes.Length > batch.Bytes.Length - filled && bytes.Length <= CaptureLimits.MaxPacketLength)
            {
                // In the next batch.
                _ = row.Ready();
                return;
            }
            rows++;
            _packetRow = row.Int64(0);
            long dlt = row.Int64(3);
            if (bytes.IsEmpty || bytes.Length > CaptureLimits.MaxPacketLength || dlt is <= 0 or >= ushort.MaxValue)
            {
                // Of a log whose packets were stripped all are empty, and that is no fault of theirs.
                _broken += bytes.IsEmpty ? 0 : 1;
                continue;
            }
            Add(batch, row, bytes, (LinkType)dlt, ref filled);
        }
        _ = row.Ready();
        if (rows == 0 && batch.Count == 0)
        {
            _packetRow = long.MaxValue;
        }
    }

    private void Add(PacketBatch batch, SqliteStatement row, ReadOnlySpan<byte> bytes, LinkType linkType, ref int filled)
    {
        long seconds = row.Int64(1), microseconds = row.Int64(2);
        bool strange = seconds is < 0 or > MaxSecond || microseconds is < 0 or >= 1_000_000;
        bytes.CopyTo(batch.Bytes.AsSpan(filled));
        ref PacketNotes notes = ref batch.Notes![batch.Count];
        notes = new() { FrequencyKhz = (uint)Math.Clamp(row.Double(8), 0, uint.MaxValue), Signal = (sbyte)Math.Clamp(row.Int64(9), sbyte.MinValue, 0) };
        (notes.Latitude, notes.Longitude, notes.Altitude) = (row.Double(5) / _degree, row.Double(6) / _degree, (float)row.Double(7));
        notes.Fix = !ScanSighting.IsPlace(notes.Latitude, notes.Longitude) ? (byte)0 : notes.Altitude != 0 ? (byte)3 : (byte)2;
        batch.Packets[batch.Count++] = new()
        {
            TimeNs = (Math.Clamp(seconds, 0, MaxSecond) * NanosecondsPerSecond) + (Math.Clamp(microseconds, 0, 999_999) * 1000),
            TimeOutOfRange = strange,
            LinkType = linkType,
            Offset = filled,
            Length = bytes.Length,
            OriginalLength = (int)Math.Clamp(row.Int64(10), bytes.Length, int.MaxValue),
        };
        filled += bytes.Length;
        bool isWiFi = row.Utf8(11).SequenceEqual("IEEE802.11"u8);
        for (int column = 12; column <= 14; column++)
        {
            if (MacAddress.TryParse(row.Utf8(column), out MacAddress address))
            {
                _ = _heard.Add((isWiFi, address.Value));
            }
        }
    }

    private void ReadDevices(PacketBatch batch, ref int filled)
    {
        if (_ready.Count == 0)
        {
            SqliteStatement row = _database.Statement(_devices).Bind(_deviceRow);
            int rows = 0;
            for (; row.Step(); rows++)
            {
                _deviceRow = row.Int64(0);
                Take(row);
            }
            _ = row.Ready();
            _ended = rows == 0;
        }
        while (batch.Count < batch.Packets.Length && batch.Bytes.Length - filled >= ScanPackets.MostBytes && _ready.TryDequeue(out ScanSighting sighting))
        {
            int length = ScanPackets.Write(batch.Bytes.AsSpan(filled), sighting);
            batch.Notes![batch.Count] = default;
            batch.Packets[batch.Count++] = new() { TimeNs = sighting.TimeNs, LinkType = LinkType.ScanReport, Offset = filled, Length = length, OriginalLength = length };
            filled += length;
        }
    }

    private void Take(SqliteStatement row)
    {
        bool isWiFi = row.Utf8(3).SequenceEqual("IEEE802.11"u8);
        // An ad-hoc network's address is its stations', whose packets tell of it.
        if (!MacAddress.TryParse(row.Utf8(4), out MacAddress address) || _heard.Contains((isWiFi, address.Value))
            || (_heard.Count > 0 && row.Utf8(9).IndexOf("Ad-Hoc"u8) >= 0))
        {
            return;
        }
        ScanSighting sighting = new()
        {
            Kind = isWiFi ? VirtualKind.WiFi : VirtualKind.Bluetooth,
            Address = address,
            Signal = (short)Math.Clamp(row.Int64(5), -255, 0),
            Latitude = row.Double(6) / _degree,
            Longitude = row.Double(7) / _degree,
        };
        sighting.HasPlace = ScanSighting.IsPlace(sighting.Latitude, sighting.Longitude);
        try
        {
            using JsonDocument json = JsonDocument.Parse(row.Blob(8).ToArray());
            bool hasRead = isWiFi ? ReadNetwork(json.RootElement, ref sighting) || ReadClient(json.RootElement, row.Utf8(9), ref sighting)
                : row.Utf8(3).SequenceEqual("Bluetooth"u8) || row.Utf8(3).SequenceEqual("BTLE"u8) ? ReadBluetooth(json.RootElement, ref sighting)
                : false;
            if (!hasRead)
            {
                _silent++;
                return;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            _broken++;
            return;
        }
        long first = Math.Clamp(row.Int64(1), 0, MaxSecond), last = Math.Clamp(row.Int64(2), 0, MaxSecond);
        _ready.Enqueue(sighting with { TimeNs = first * NanosecondsPerSecond });
        if (last > first)
        {
            _ready.Enqueue(sighting with { TimeNs = last * NanosecondsPerSecond });
        }
    }

    private static bool ReadNetwork(JsonElement device, ref ScanSighting sighting)
    {
        if (!TryObject(device, "dot11.device", out JsonElement dot11) || !TryObject(dot11, "dot11.device.last_beaconed_ssid_record", out JsonElement ssid))
        {
            return false;
        }
        sighting.Name = Text(ssid, "dot11.advertisedssid.ssid");
        sighting.Channel = Text(ssid, "dot11.advertisedssid.channel");
        sighting.Crypt = ssid.TryGetProperty("dot11.advertisedssid.crypt_bitfield", out JsonElement bits) && bits.TryGetUInt64(out ulong crypt) ? (CryptBits)crypt : null;
        sighting.FrequencyKhz = Frequency(device);
        return true;
    }

    private static bool ReadClient(JsonElement device, ReadOnlySpan<byte> type, ref ScanSighting sighting)
    {
        sighting.IsClient = type.SequenceEqual("Wi-Fi Client"u8);
        sighting.FrequencyKhz = Frequency(device);
        return sighting.IsClient;
    }

    private static uint Frequency(JsonElement device) => (uint)Math.Clamp(Number(device, "kismet.device.base.frequency"), 0, uint.MaxValue);

    private static bool ReadBluetooth(JsonElement device, ref ScanSighting sighting)
    {
        string name = Text(device, "kismet.device.base.name");
        sighting.Name = name.Length > 0 ? name : null;
        sighting.Type = Text(device, "kismet.device.base.type");
        sighting.FrequencyKhz = ScanPackets.BluetoothKhz;
        return true;
    }

    private static bool TryObject(JsonElement of, string name, out JsonElement value) =>
        of.TryGetProperty(name, out value) && value.ValueKind == JsonValueKind.Object;

    private static string Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static double Number(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;

    private int Version(string path)
    {
        HashSet<string> columns = Columns("KISMET");
        if (!columns.Contains("db_version") || Columns("packets").Count == 0 || Columns("devices").Count == 0)
        {
            throw new PacketSourceException($"{path}: is an SQLite database, but no kismetdb");
        }
        int version = (int)_database.Statement("SELECT db_version FROM KISMET LIMIT 1").Single();
        return version >= FirstVersion ? version : throw new PacketSourceException($"{path}: is a kismetdb of version {version}; those from {FirstVersion} on can be read");
    }

    private HashSet<string> Columns(string table)
    {
        HashSet<string> columns = new(StringComparer.OrdinalIgnoreCase);
        SqliteStatement info = _database.Statement($"PRAGMA table_info({table})");
        while (info.Step())
        {
            _ = columns.Add(info.Text(1));
        }
        _ = info.Ready();
        return columns;
    }

    private long Last(string table) => _database.Statement($"SELECT coalesce(max(rowid), 0) FROM {table}").Single();

    private LinkType FirstLinkType()
    {
        long dlt = _database.Statement("SELECT dlt FROM packets ORDER BY rowid LIMIT 1").Single((long)LinkType.ScanReport);
        return dlt is > 0 and <= ushort.MaxValue ? (LinkType)dlt : LinkType.None;
    }
}
