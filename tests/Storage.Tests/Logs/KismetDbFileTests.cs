using System.Buffers.Binary;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Logs;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Storage.Tests.Logs;

/// <summary>Packets stand in a kismetdb in the same way, however they came into it, and are found again, however they are looked for.</summary>
public sealed class KismetDbFileTests : IDisposable
{
    // Addresses of the second kind are rare: a few rows in the whole file.
    private const int Common = 40;
    private const int Rare = 3_000;
    private const int LargePacket = 30_000;

    // Has no place among those that are gathered.
    private const int GiantPacket = 70_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-kismetdb-");
    private readonly PacketTaps _taps = new(new());
    private readonly TapSession _session;
    private PacketTap _tap;
    private readonly List<KismetDbFile> _files = [];
    private readonly Random _random = new(11);
    private long _sent;

    public KismetDbFileTests() => (_tap, _session) = (_taps.Add(PacketFilter.All), new(_taps, 1));

    public void Dispose()
    {
        _taps.Remove(_tap);
        foreach (KismetDbFile file in _files)
        {
            file.Index.Dispose();
            file.Leaves.Dispose();
        }
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Rows_that_are_gathered_are_those_that_are_bound()
    {
        using KismetDbFile gathered = New("gathered", gather: true);
        using KismetDbFile bound = New("bound", gather: false);
        for (int round = 0; round < 6; round++)
        {
            using TappedPackets packets = Packets(700, round >= 3 ? GiantPacket : 0);
            Write(gathered, packets);
            Write(bound, packets);
            if (round == 1)
            {
                gathered.Tend();
                Assert.Equal(_sent + 1, gathered.CommittedNext);
            }
        }
        gathered.Close();
        bound.Close();
        Assert.Equal((_sent, _sent), (gathered.Packets, gathered.CommittedNext - 1));
        Assert.Equal(["ok"], Ask(gathered, "PRAGMA integrity_check"));
        const string all = "SELECT group_concat(quote(rowid) || ' ' || quote(ts_sec) || ' ' || quote(ts_usec) || ' ' || quote(phyname) || ' ' || quote(sourcemac) || ' ' || "
            + "quote(destmac) || ' ' || quote(transmac) || ' ' || quote(frequency) || ' ' || quote(devkey) || ' ' || quote(lat) || ' ' || quote(lon) || ' ' || quote(alt) || "
            + "' ' || quote(speed) || ' ' || quote(heading) || ' ' || quote(packet_len) || ' ' || quote(signal) || ' ' || quote(datasource) || ' ' || quote(dlt) || ' ' || "
            + "quote(packet) || ' ' || quote(error) || ' ' || quote(tags) || ' ' || quote(datarate) || ' ' || quote(hash) || ' ' || quote(packetid) || ' ' || "
            + "quote(packet_full_len)) FROM packets GROUP BY rowid";
        string[] rows = Ask(gathered, all);
        Assert.Equal(Ask(bound, all), rows);
        Assert.Equal(_sent, rows.Length);
        Assert.Contains(rows, static row => row.Contains("48.5 11.25 520.0", StringComparison.Ordinal));
        Assert.Contains(rows, static row => row.Length > 2 * 65_536);
    }

    [Fact]
    public void What_was_written_before_a_crash_is_there()
    {
        KismetDbFile file = New("crash", gather: true);
        using (TappedPackets packets = Packets(900))
        {
            Write(file, packets);
        }
        file.Tend();
        using (TappedPackets packets = Packets(100))
        {
            Write(file, packets);
        }
        // As another process finds it when this one has been killed: what was not tended is lost, nothing else.
        string copy = Path.Combine(_folder.FullName, "copy.kismet");
        File.Copy(file.Path, copy);
        File.Copy(file.Path + "-wal", copy + "-wal");
        using (SqliteDatabase found = new(copy, readOnly: false))
        {
            Assert.Equal(["900 900"], Ask(found, "SELECT count(*) || ' ' || max(rowid) FROM packets"));
            Assert.Equal(["ok"], Ask(found, "PRAGMA integrity_check"));
        }
        file.Close();
        file.Dispose();
        Assert.Equal(["1000"], Ask(file, "SELECT count(*) FROM packets"));
    }

    [Fact]
    public void Packets_of_an_address_are_found_in_the_order_of_a_scan()
    {
        using KismetDbFile file = New("found", gather: true);
        while (file.Packets < (2 * AddressRuns.Rows) + 5_000)
        {
            using TappedPackets packets = Packets(700);
            Write(file, packets);
        }
        file.Tend();
        int found = 0;
        foreach (ulong address in (ulong[])[Address(0), Address(7), Address(Common), Address(Common + 1), Address(Common + 2), Address(Common + Rare), 0x77])
        {
            MacAddress mac = new(address);
            // A pattern is compared with each row; an address is looked up.
            byte[] slow = Read(file, new() { Conditions = [new("sourcemac", PacketTest.Like, mac + "%")] }, out int packets);
            byte[] quick = Read(file, new() { Conditions = [new("sourcemac", PacketTest.Equal, mac.ToString())] }, out int same);
            Assert.Equal(packets, same);
            Assert.Equal(slow, quick);
            found += packets;
            long all = Count(file, $"SELECT count(*) FROM packets WHERE '{mac}' IN (sourcemac, destmac, transmac)");
            _ = Read(file, new() { Device = mac }, out int ofDevice);
            Assert.Equal(all, ofDevice);
            _ = Read(file, new() { Device = mac, Limit = 5 }, out int limited);
            Assert.Equal(Math.Min(5, all), limited);
        }
        Assert.True(found > 3_000, $"{found} packets");
        Assert.Equal(0, Count(file, "SELECT count(*) FROM packets WHERE sourcemac = '00:00:00:00:00:77'"));
    }

    [Fact]
    public void The_page_of_a_row_is_known()
    {
        using KismetDbFile file = New("pages", gather: true);
        while (file.Packets < 40_000)
        {
            using TappedPackets packets = Packets(700);
            Write(file, packets);
            if (file.Packets % 10_500 == 0)
            {
                // Other tables take pages, too.
                file.Row("INSERT INTO messages (ts_sec, message) VALUES (1, ?)").Bind(new string('x', 100_000)).Run();
                file.Tend();
            }
        }
        file.Close();
        // A leaf of a table has type 13 and its number of rows in its header; a row begins with its length and its number.
        using FileStream pages = File.OpenRead(file.Path);
        byte[] page = new byte[KismetDbFile.PageBytes];
        int right = 0;
        for (long row = 1; row <= _sent; row += 97)
        {
            uint number = file.Leaves.Find(row);
            Assert.NotEqual(0u, number);
            pages.Position = (number - 1L) * page.Length;
            pages.ReadExactly(page);
            right += page[0] == 13 && RowOf(page, 0) <= row && row <= RowOf(page, BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(3)) - 1) ? 1 : 0;
        }
        // Where the tree above them takes a page the next ones are taken for their neighbours.
        Assert.InRange(right, (_sent / 97) * 9 / 10, (_sent / 97) + 1);
        Assert.Equal(0u, file.Leaves.Find(0));
    }

    [Fact]
    public void Large_packets_come_in_pieces_of_bounded_size()
    {
        using KismetDbFile file = New("large", gather: true);
        for (int i = 0; i < 40; i++)
        {
            using TappedPackets packets = Packets(1, LargePacket, source: 5);
            Write(file, packets);
        }
        file.Tend();
        HistoryExport export = new(NoSources.Instance);
        KismetDbReader reader = new(KismetDbRows.Of(file, new() { Device = new(Address(5)) }), new() { Device = new(Address(5)) });
        long left = long.MaxValue;
        int pieces = 0;
        bool more = true;
        while (more)
        {
            more = reader.Read(export, ref left, CancellationToken.None);
            Assert.InRange(export.Written.Length, 0, HistoryExport.PieceBytes + LargePacket + 1_000);
            export.Clear();
            pieces++;
        }
        Assert.Equal(40, export.Packets);
        Assert.Equal(5, pieces);
    }

    [Fact]
    public void Whoever_asks_may_go_away()
    {
        using KismetDbFile file = New("away", gather: true);
        using (TappedPackets packets = Packets(700))
        {
            Write(file, packets);
        }
        file.Tend();
        PacketQuery query = new() { Device = new(Address(1)) };
        KismetDbReader reader = new(KismetDbRows.Of(file, query), query);
        long left = long.MaxValue;
        HistoryExport export = new(NoSources.Instance);
        _ = Assert.Throws<OperationCanceledException>(() => reader.Read(export, ref left, new(canceled: true)));
        Assert.Equal(0, export.Packets);
    }

    [Fact]
    public void Rows_after_dropped_ones_are_found()
    {
        using KismetDbFile file = New("dropped", gather: true);
        for (int i = 0; i < 3; i++)
        {
            using TappedPackets packets = Packets(700);
            Write(file, packets);
        }
        // All of them: numbers begin anew.
        Assert.Equal(_sent, file.DropBefore(1L << 40));
        Assert.Equal(1, file.CommittedNext);
        using (TappedPackets packets = Packets(600))
        {
            Write(file, packets);
        }
        file.Tend();
        _ = Read(file, new() { Device = new(Address(2)) }, out int found);
        Assert.Equal(Count(file, $"SELECT count(*) FROM packets WHERE '{new MacAddress(Address(2))}' IN (sourcemac, destmac, transmac)"), found);
        Assert.True(found > 10, $"{found} packets");
    }

    private static ulong Address(int number) => 0x0200_0000_0000 | (ulong)(uint)number;

    private static long RowOf(byte[] page, int cell)
    {
        int at = BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(8 + (2 * cell)));
        while (page[at++] >= 0x80)
        {
        }
        long row = 0;
        byte b;
        do
        {
            b = page[at++];
            row = row << 7 | (b & 0x7Fu);
        }
        while (b >= 0x80);
        return row;
    }

    private static byte[] Read(KismetDbFile file, PacketQuery query, out int packets)
    {
        HistoryExport export = new(NoSources.Instance);
        KismetDbReader reader = new(KismetDbRows.Of(file, query), query);
        using MemoryStream all = new();
        long left = query.Limit;
        bool more = true;
        while (more)
        {
            more = reader.Read(export, ref left, CancellationToken.None) && left > 0;
            all.Write(export.Written.Span);
            export.Clear();
        }
        packets = (int)export.Packets;
        return all.ToArray();
    }

    private static string[] Ask(KismetDbFile file, string sql)
    {
        using SqliteDatabase database = new(file.Path, readOnly: true);
        return Ask(database, sql);
    }

    private static string[] Ask(SqliteDatabase database, string sql)
    {
        List<string> said = [];
        SqliteStatement statement = database.Statement(sql);
        while (statement.Step())
        {
            said.Add(statement.Text(0));
        }
        return [.. said];
    }

    private static long Count(KismetDbFile file, string sql) => long.Parse(Ask(file, sql)[0], System.Globalization.CultureInfo.InvariantCulture);

    private static void Write(KismetDbFile file, TappedPackets packets)
    {
        int position = 0;
        while (position < packets.Length)
        {
            file.Write(packets, ref position, long.MaxValue);
        }
    }

    private KismetDbFile New(string name, bool gather)
    {
        KismetDbFile file = new(Path.Combine(_folder.FullName, name + ".kismet"), NoSources.Instance, "1", dataPackets: true, gather);
        _files.Add(file);
        return file;
    }

    // 802.11 frames, whole, cut and damaged, at places and elsewhere.
    private TappedPackets Packets(int count, int large = 0, int source = -1)
    {
        _ = _session.Begin();
        for (int i = 0; i < count; i++)
        {
            byte[] frame = new byte[large > 0 && i % 300 == 0 ? large : 24 + _random.Next(200)];
            _random.NextBytes(frame);
            // Management of every kind, data, and one in ten as it comes.
            frame[0] = source >= 0 ? (byte)0x08 : _random.Next(10) == 0 ? frame[0] : (byte)(_random.Next(16) << 4 | (_random.Next(2) == 0 ? 0x08 : 0));
            frame[1] &= 0x03;
            for (int at = 4; at < 22; at += 6)
            {
                int number = at == 10 && source >= 0 ? source : _random.Next(4) == 0 ? Common + _random.Next(Rare) : _random.Next(Common);
                BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(at - 2), (ulong)frame[at - 2] << 56 | (ulong)frame[at - 1] << 48 | Address(number));
            }
            RadioHeader radio = new() { Fix = (byte)(_random.Next(3) == 0 ? 3 : 0), Latitude = 48.5, Longitude = 11.25, Altitude = 520 };
            CapturedPacket packet = new()
            {
                TimeNs = (1_700_000_000_000_000 + (_sent++ * 700_000L)) * 1000,
                LinkType = LinkType.Ieee80211,
                Length = frame.Length,
                OriginalLength = frame.Length + (_random.Next(5) == 0 ? 10 : 0),
            };
            _session.Offer(packet, frame, DissectedAs.LinkHeader, radio, default(Dot11Frame));
        }
        _session.End();
        return Taken();
    }

    private sealed class NoSources : ISourceDirectory
    {
        public static readonly NoSources Instance = new();

        public IReadOnlyList<Records.Datasources.DatasourceRecord> All => [];

        public Records.Datasources.DatasourceRecord? Find(ushort number) => null;
    }

    // All blocks as one.
    private TappedPackets Taken()
    {
        using MemoryStream all = new();
        int packets = 0;
        while (true)
        {
            ValueTask<TappedPackets?> read = _tap.ReadAsync(CancellationToken.None);
            if (!read.IsCompleted)
            {
                // This wait would get the next block.
                _taps.Remove(_tap);
                _tap = _taps.Add(PacketFilter.All);
                return new(all.ToArray(), (int)all.Length, packets);
            }
            using TappedPackets block = read.Result!;
            all.Write(block.Bytes, 0, block.Length);
            packets += block.Count;
        }
    }
}
