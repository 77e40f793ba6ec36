using System.Buffers.Binary;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;
using KismetOrleans.Storage.Logs;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Tests.Logs;

/// <summary>Histograms and lists of a kismetdb of several runs are those of its packets, whichever way they are found.</summary>
public sealed class KismetDbPicturesTests : IClassFixture<KismetDbPicturesTests.Log>
{
    private readonly Log _log;

    public KismetDbPicturesTests(Log log) => _log = log;

    // By seconds of the index, by rows, by addresses, by time and by place.
    public static TheoryData<string> Filters =>
    [
        "", "address_source=02:00:00:00:00:03", "signal_min=-60", "signal_min=-60 signal_max=-50", "location_lat_min=1 location_lat_max=5 location_lon_min=0",
        "timestamp_start=1700000100", "timestamp_start=1700000100.25 timestamp_end=1700000900", "timestamp_end=1700000700.5 address_dest=FF:FF:FF:FF:FF:FF",
        "device_id=4202770D00000000_20000000002 signal_min=-55", "address_source=02:00:00:00:00:0_ signal_max=-70", "device_id=0_0", "tag=%BEACON%", "tag=BEACON",
    ];

    [Theory]
    [MemberData(nameof(Filters))]
    public void Packets_are_counted_by_time(string filters)
    {
        PacketQuery query = Query(filters);
        foreach ((double from, double to, int count) in (List<(double, double, int)>)[
            (Log.Second, Log.Second + Log.Seconds, 10), (Log.Second + 100.5, Log.Second + 901, 7), (Log.Second + 50, Log.Second + 52, 100), (Log.Second - 5000, Log.Second + 5000, 1)])
        {
            PacketBuckets buckets = PacketBuckets.Of(from, to, count);
            long[] expected = new long[count];
            foreach (Packet packet in _log.Packets.Where(packet => Passes(packet, query)))
            {
                int bucket = buckets.Of(packet.Us);
                if (bucket >= 0 && bucket < count)
                {
                    expected[bucket]++;
                }
            }
            KismetDbSpan[] spans = [.. KismetDbSpan.Of(_log.File, query)];
            long[] counts = query.Nothing ? new long[count] : KismetDbPictures.Count(spans, buckets.Inside(query), buckets, default).Counts;
            Assert.Equal(expected, counts);
        }
    }

    [Fact]
    public void Nothing_is_read_where_the_index_knows_seconds()
    {
        PacketBuckets buckets = PacketBuckets.Of(Log.Second + 10, Log.Second + 500, 49);
        // Without rows: who read them would not find them.
        KismetDbSpan[] spans = [.. KismetDbSpan.Of(_log.File, PacketQuery.All).Select(static span => span with { First = 1, Last = 0 })];
        Assert.Equal(3, spans.Length);
        long[] counts = KismetDbPictures.Count(spans, buckets.Inside(PacketQuery.All), buckets, default).Counts;
        Assert.Equal(_log.Packets.LongCount(static p => p.Us / 1_000_000 is >= Log.Second + 10 and < Log.Second + 500), counts.Sum());
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void Pages_of_the_newest_have_each_packet_once(string filters)
    {
        PacketQuery query = Query(filters);
        long[] expected = [.. _log.Packets.Where(packet => Passes(packet, query)).Select(static packet => packet.Us).OrderDescending()];
        List<long> found = [];
        PacketQuery next = query;
        for (int page = 0; page < 4 && !query.Nothing; page++)
        {
            IReadOnlyList<LoggedPacket> packets = KismetDbPictures.Newest([.. KismetDbSpan.Of(_log.File, next)], next, 40, default);
            found.AddRange(packets.Select(static packet => packet.TimeUs));
            if (packets.Count == 0)
            {
                break;
            }
            Assert.InRange(packets.Count, 1, 40);
            next = next with { ToUs = packets[^1].TimeUs - 1 };
        }
        Assert.Equal(expected[..found.Count], found);
        Assert.True(found.Count == expected.Length || found.Count > 100);
    }

    [Fact]
    public void A_packet_of_a_list_has_all_that_the_log_has()
    {
        Packet newest = _log.Packets.OrderBy(static packet => packet.Us).Last();
        LoggedPacket packet = KismetDbPictures.Newest([.. KismetDbSpan.Of(_log.File, PacketQuery.All)], PacketQuery.All, 1, default)[0];
        Assert.Equal(
            (newest.Us, "IEEE802.11", new MacAddress(0x020000000000 + (ulong)newest.Sender), new MacAddress(0xFFFF_FFFF_FFFF), newest.Signal, newest.Latitude, 127, 41),
            (packet.TimeUs, packet.PhyName, packet.Source, packet.Destination, packet.SignalDbm, packet.Latitude, packet.LinkType, packet.Length));
        Assert.Equal((41, newest.Latitude == 0 ? 0 : 8.5, "DOT11_PROBE_REQ"), (packet.FullLength, packet.Longitude, packet.Tags.Trim()));
    }

    [Fact]
    public void A_packet_is_found_by_its_name_wherever_it_stands()
    {
        IReadOnlyList<LoggedPacket> all = KismetDbPictures.Newest([.. KismetDbSpan.Of(_log.File, PacketQuery.All)], PacketQuery.All, 100_000, default);
        for (int i = 0; i < all.Count; i += all.Count / 50)
        {
            PacketId id = all[i].Id;
            PacketQuery query = KismetDbPictures.QueryOf(id);
            StoredPacket found = KismetDbPictures.Find([.. KismetDbSpan.Of(_log.File, query)], query, id, default)!;
            // Some are alike, and were heard elsewhere.
            Assert.Contains(found.Packet, all.Where(packet => packet.Id == id));
            Assert.Equal((id, 41), (PacketId.Of(found.Packet.TimeUs, found.Packet.Datasource, found.Bytes), found.Bytes.Length));
            Assert.Null(KismetDbPictures.Find([.. KismetDbSpan.Of(_log.File, query)], query, id with { Hash = id.Hash + 1 }, default));
        }
    }

    [Fact]
    public void After_a_drop_what_is_left_is_counted()
    {
        using Log log = new();
        long dropped = log.File.DropBefore(Log.Second + 600);
        Assert.Equal(log.Packets.LongCount(static p => p.Us < (Log.Second + 600) * 1_000_000), dropped);
        PacketBuckets buckets = PacketBuckets.Of(Log.Second, Log.Second + 1200, 2);
        KismetDbSpan[] spans = [.. KismetDbSpan.Of(log.File, PacketQuery.All)];
        Assert.Equal([0, log.Packets.Length - dropped], KismetDbPictures.Count(spans, buckets.Inside(PacketQuery.All), buckets, default).Counts);
    }

    private static PacketQuery Query(string filters)
    {
        Dictionary<string, string> values = filters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static f => f.Split('=')).ToDictionary(static f => f[0], static f => f[1]);
        return PacketFilters.Read(values.GetValueOrDefault);
    }

    private static bool Passes(Packet packet, PacketQuery query) =>
        packet.Us >= query.FromUs && packet.Us <= query.ToUs && !query.Nothing
        && (query.Device is not { } device || device.Value == 0x020000000000 + (ulong)packet.Sender)
        && query.Conditions.All(condition => condition switch
        {
            { Column: "sourcemac", Test: PacketTest.Equal } => (string)condition.Value == $"02:00:00:00:00:{packet.Sender:X2}",
            { Column: "sourcemac" or "destmac" or "phyname" } => true,
            { Column: "signal", Test: PacketTest.AtLeast } => packet.Signal >= (long)condition.Value,
            { Column: "signal" } => packet.Signal <= (long)condition.Value,
            { Column: "lat", Test: PacketTest.AtLeast } => packet.Latitude >= (double)condition.Value,
            { Column: "lat" } => packet.Latitude <= (double)condition.Value,
            { Column: "lon" } => true,
            _ => false,
        });

    public readonly record struct Packet(long Us, int Sender, int Signal, double Latitude);

    /// <summary>A log of two runs and a half: probe requests of ten senders, out of order.</summary>
    public sealed class Log : IDisposable
    {
        public const long Second = 1_700_000_000;
        public const int Seconds = 1000;
        private const int Count = 150_000;
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-pictures-");

        public Log()
        {
            Random random = new(3);
            Packets = [.. Enumerable.Range(0, Count).Select(i => new Packet(
                // Nearly in order, as sensors send; milliseconds, so that some have the same.
                (Second * 1_000_000) + (((i * (Seconds - 6) * 1000L / Count) + random.Next(6000)) * 1000),
                random.Next(10), -random.Next(40, 90), random.Next(3) == 0 ? random.Next(1, 10) : 0))];
            string path = Path.Combine(_folder.FullName, "log.kismet");
            System.IO.File.WriteAllBytes(path, []);
            File = new(path, new NoSources(), "test", dataPackets: true);
            // Radiotap with a signal; a probe request to everyone with a wildcard SSID and rates.
            byte[] bytes = Convert.FromHexString("000009002000000000" + "40000000FFFFFFFFFFFF020000000000FFFFFFFFFFFF0000" + "0000" + "010402040B16");
            foreach (Packet packet in Packets)
            {
                (bytes[8], bytes[24]) = ((byte)packet.Signal, (byte)packet.Sender);
                TappedPackets block = Block(packet, bytes);
                int position = 0;
                File.Write(block, ref position, long.MaxValue);
            }
            File.Tend();
        }

        public Packet[] Packets { get; }

        internal KismetDbFile File { get; }

        public void Dispose()
        {
            File.Close();
            File.Dispose();
            File.Index.Dispose();
            _folder.Delete(recursive: true);
        }

        // As TappedPacket describes it: a frame, and a position of two dimensions where there is one.
        private static TappedPackets Block(Packet packet, byte[] bytes)
        {
            bool fixedAt = packet.Latitude != 0;
            byte[] entry = new byte[24 + (fixedAt ? 20 : 0) + bytes.Length];
            BinaryPrimitives.WriteInt64LittleEndian(entry, packet.Us * 1000);
            BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(8), bytes.Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(12), bytes.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(16), 1);
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(18), 127);
            BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(20), 9);
            entry[23] = (byte)(0x08 | (fixedAt ? 2 << 5 : 0));
            BinaryPrimitives.WriteDoubleLittleEndian(entry.AsSpan(24), packet.Latitude);
            if (fixedAt)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(entry.AsSpan(32), 8.5);
            }
            bytes.CopyTo(entry.AsSpan(entry.Length - bytes.Length));
            return new(entry, entry.Length, 1);
        }

        private sealed class NoSources : ISourceDirectory
        {
            public IReadOnlyList<DatasourceRecord> All => [];

            public DatasourceRecord? Find(ushort number) => null;
        }
    }
}
