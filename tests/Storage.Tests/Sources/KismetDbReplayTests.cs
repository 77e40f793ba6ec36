using KismetOrleans.Engine.Scanning;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Storage.Sources;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Tests.Sources;

/// <summary>Logs of all versions are read: packets with what stands beside them, and devices of which there are none as reports.</summary>
public sealed class KismetDbReplayTests : IDisposable
{
    private const string Frame = "40000000FFFFFFFFFFFF0200000000010000000000000000";
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"ko-replay-{Guid.NewGuid():N}.kismet");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(4, "CREATE TABLE packets (ts_sec INT, ts_usec INT, phyname TEXT, sourcemac TEXT, destmac TEXT, transmac TEXT, frequency REAL, devkey TEXT, lat INT, lon INT, packet_len INT, signal INT, datasource TEXT, dlt INT, packet BLOB, error INT)", "4850000, 1125000", 2)]
    [InlineData(5, "CREATE TABLE packets (ts_sec INT, ts_usec INT, phyname TEXT, sourcemac TEXT, destmac TEXT, transmac TEXT, frequency REAL, devkey TEXT, lat REAL, lon REAL, alt REAL DEFAULT 520.0, speed REAL, heading REAL, packet_len INT, signal INT, datasource TEXT, dlt INT, packet BLOB, error INT, tags TEXT)", "48.5, 11.25", 3)]
    [InlineData(10, "CREATE TABLE packets (ts_sec INT, ts_usec INT, phyname TEXT, sourcemac TEXT, destmac TEXT, transmac TEXT, frequency REAL, devkey TEXT, lat REAL, lon REAL, alt REAL DEFAULT 520.0, speed REAL, heading REAL, packet_len INT, signal INT, datasource TEXT, dlt INT, packet BLOB, error INT, tags TEXT, datarate REAL, hash INT, packetid INT, packet_full_len INT DEFAULT 99)", "48.5, 11.25", 3)]
    public void Packets_come_with_time_place_frequency_and_signal(int version, string table, string place, int fix)
    {
        Make(version, table,
            $"INSERT INTO packets (ts_sec, ts_usec, phyname, sourcemac, frequency, lat, lon, signal, dlt, packet) VALUES (1700000000, 250000, 'IEEE802.11', '02:00:00:00:00:01', 2437000, {place}, -61, 105, x'{Frame}')",
            $"INSERT INTO packets (ts_sec, ts_usec, phyname, sourcemac, frequency, lat, lon, signal, dlt, packet) VALUES (1700000001, 0, 'IEEE802.11', '02:00:00:00:00:01', 0, 0, 0, 0, 105, x'{Frame}')");
        PacketBatch batch = new();
        using KismetDbReplay replay = new(_path);
        Assert.Equal(LinkType.Ieee80211, replay.LinkType);
        Assert.True(replay.TryRead(batch));
        Assert.Equal(2, batch.Count);
        Assert.Equal((1_700_000_000_250_000_000, LinkType.Ieee80211, 24, version == 10 ? 99 : 24),
            (batch.Packets[0].TimeNs, batch.Packets[0].LinkType, batch.Packets[0].Length, batch.Packets[0].OriginalLength));
        Assert.Equal(Frame, Convert.ToHexString(batch.Span(0)));
        PacketNotes notes = batch.Notes![0];
        Assert.Equal((48.5, 11.25, fix, fix == 3 ? 520 : 0, 2_437_000u, -61), (notes.Latitude, notes.Longitude, (int)notes.Fix, (int)notes.Altitude, notes.FrequencyKhz, (int)notes.Signal));
        Assert.Equal((0, 0u, 0), ((int)batch.Notes[1].Fix, batch.Notes[1].FrequencyKhz, (int)batch.Notes[1].Signal));
        Assert.False(replay.TryRead(batch));
        Assert.Null(replay.Error);
    }

    [Fact]
    public void Devices_without_packets_are_reported_at_their_first_and_last_time()
    {
        const string network = """{"dot11.device":{"dot11.device.last_beaconed_ssid_record":{"dot11.advertisedssid.ssid":"net","dot11.advertisedssid.channel":"6","dot11.advertisedssid.crypt_bitfield":10}},"kismet.device.base.frequency":2437000.0}""";
        Make(10, "CREATE TABLE packets (ts_sec INT, ts_usec INT, phyname TEXT, sourcemac TEXT, destmac TEXT, transmac TEXT, lat REAL, lon REAL, dlt INT, packet BLOB)",
            // Stripped, as by kismetdb_strip_packet_content; the second device was heard in what was not.
            "INSERT INTO packets VALUES (1700000000, 0, 'IEEE802.11', '02:00:00:00:00:01', '', '', 0, 0, 105, '')",
            $"INSERT INTO packets VALUES (1700000000, 0, 'IEEE802.11', '02:00:00:00:00:02', '', '', 0, 0, 105, x'{Frame}')",
            Device("IEEE802.11", "02:00:00:00:00:01", "Wi-Fi AP", network), Device("IEEE802.11", "02:00:00:00:00:02", "Wi-Fi AP", network),
            Device("Bluetooth", "02:00:00:00:00:03", "BTLE", """{"kismet.device.base.name":"watch","kismet.device.base.type":"BTLE"}"""),
            Device("IEEE802.11", "02:00:00:00:00:04", "Wi-Fi Client", """{"kismet.device.base.frequency":2437000.0}"""), Device("IEEE802.11", "02:00:00:00:00:06", "Wi-Fi Bridged", "{}"), Device("IEEE802.11", "02:00:00:00:00:05", "Wi-Fi AP", "{"));
        PacketBatch batch = new();
        using KismetDbReplay replay = new(_path);
        Assert.True(replay.TryRead(batch));
        Assert.Equal((1, LinkType.Ieee80211), (batch.Count, batch.Packets[0].LinkType));
        Assert.True(replay.TryRead(batch));
        Assert.Equal(
            [
                "02:00:00:00:00:01 1700000000 -50 48.5", "02:00:00:00:00:01 1700000060 -50 48.5", "02:00:00:00:00:03 1700000000 -50 48.5", "02:00:00:00:00:03 1700000060 -50 48.5",
                "02:00:00:00:00:04 1700000000 -50 48.5 client", "02:00:00:00:00:04 1700000060 -50 48.5 client",
            ],
            Enumerable.Range(0, batch.Count).Select(i => Report(batch.Span(i))));
        Assert.False(replay.TryRead(batch));
        Assert.Equal("1 rows left out, which have no packet or device that could be read; 1 devices left out, of which the log has no packets and no report could tell", replay.Error);
    }

    [Fact]
    public void What_is_no_kismetdb_or_too_old_is_refused()
    {
        using (SqliteDatabase other = new(_path, readOnly: false))
        {
            other.Execute("CREATE TABLE x (y INT)");
        }
        Assert.EndsWith("is an SQLite database, but no kismetdb", Assert.Throws<PacketSourceException>(() => new KismetDbReplay(_path)).Message, StringComparison.Ordinal);
        File.Delete(_path);
        Make(3, "CREATE TABLE packets (ts_sec INT)");
        Assert.EndsWith("is a kismetdb of version 3; those from 4 on can be read", Assert.Throws<PacketSourceException>(() => new KismetDbReplay(_path)).Message, StringComparison.Ordinal);
    }

    private static string Report(ReadOnlySpan<byte> packet)
    {
        Assert.True(ScanPackets.TryRead(packet, out bool isWiFi, out ScanRecord record, out ReadOnlySpan<byte> payload));
        bool isClient = isWiFi && Dot11ScanPayload.TryRead(payload, out Dot11ScanPayload wifi) && wifi.IsClient;
        return FormattableString.Invariant($"{record.Address} {record.TimeNs / 1_000_000_000} {record.Signal} {record.Latitude}{(isClient ? " client" : "")}");
    }

    private static string Device(string phy, string address, string type, string json) =>
        $"INSERT INTO devices VALUES (1700000000, 1700000060, 'k', '{phy}', '{address}', -50, 48.5, 11.25, '{type}', '{json}')";

    private void Make(int version, params string[] statements)
    {
        using SqliteDatabase file = new(_path, readOnly: false);
        file.Execute($"CREATE TABLE KISMET (kismet_version TEXT, db_version INT, db_module TEXT); INSERT INTO KISMET VALUES ('x', {version}, 'kismetlog')");
        file.Execute("CREATE TABLE devices (first_time INT, last_time INT, devkey TEXT, phyname TEXT, devmac TEXT, strongest_signal INT, avg_lat REAL, avg_lon REAL, type TEXT, device BLOB)");
        foreach (string statement in statements)
        {
            file.Execute(statement);
        }
    }
}
