using KismetOrleans.Packets.Files;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Packets.Tests.Files;
using KismetOrleans.Wire;

namespace KismetOrleans.Packets.Tests.Sources;

/// <summary>Capture files as sources: at full speed, with the gaps that they had, and with a limit.</summary>
public sealed class FilePacketSourceTests
{
    private const uint Start = 1_700_000_000;

    [Fact]
    public void Without_a_pace_all_that_fits_comes_at_once()
    {
        using TemporaryFile file = Sample(0, 10, 20);
        using var source = new FilePacketSource(file.Path);
        var batch = new PacketBatch();
        Assert.Equal(0.0, Assert.IsType<double>(source.Progress), 3);
        Assert.True(source.TryRead(batch, default));
        Assert.Equal(["00", "01", "02"], Hex(batch));
        Assert.Equal(1.0, source.Progress);
        Assert.False(source.TryRead(batch, default));
        Assert.Null(source.Error);
        Assert.Equal(LinkType.Radiotap, source.LinkType);
        Assert.Equal(file.Path, source.Interface);
        Assert.Equal(0, source.Dropped);
    }

    [Fact]
    public void In_real_time_packets_come_with_the_gaps_that_they_had()
    {
        // Two at once, one after 250 ms, one that went back in time, one after an hour.
        using TemporaryFile file = Sample(0, 0, 0.25, 0.1, 3600.1);
        var time = new FakeTime();
        using var source = new FilePacketSource(file.Path, realtime: true, time: time);
        var batch = new PacketBatch();
        Assert.True(source.TryRead(batch, default));
        Assert.Equal(["00", "01"], Hex(batch));
        Assert.Equal(TimeSpan.Zero, time.Elapsed);
        Assert.True(source.TryRead(batch, default));
        Assert.Equal(["02", "03"], Hex(batch));
        Assert.Equal(TimeSpan.FromSeconds(0.25), time.Elapsed);
        Assert.InRange(Assert.IsType<double>(source.Progress), 0.5, 0.99);
        int empty = 0;
        for (; source.TryRead(batch, default) && batch.Count == 0; empty++)
        {
            Assert.InRange(Assert.IsType<double>(source.Progress), 0.5, 0.99);
        }
        // An hour in quarters of a second, and the last one brought the packet.
        Assert.Equal(4 * 3600 - 1, empty);
        Assert.Equal(["04"], Hex(batch));
        Assert.Equal(TimeSpan.FromSeconds(3600.25), time.Elapsed);
        Assert.False(source.TryRead(batch, default));
        Assert.Equal(1.0, source.Progress);
        Assert.All(time.Waits, static wait => Assert.Equal(PacketSources.LongestSilence, wait));
    }

    [Fact]
    public void A_reader_that_was_late_gets_all_that_are_due()
    {
        using TemporaryFile file = Sample(0, 1, 2, 3, 10);
        var time = new FakeTime();
        using var source = new FilePacketSource(file.Path, realtime: true, time: time);
        var batch = new PacketBatch();
        source.TryRead(batch, default);
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(source.TryRead(batch, default));
        Assert.Equal(["01", "02", "03"], Hex(batch));
        Assert.Empty(time.Waits);
    }

    [Fact]
    public void A_limit_of_packets_a_second_is_kept()
    {
        using TemporaryFile file = Sample(0, 0, 0, 0, 0);
        var time = new FakeTime();
        using var source = new FilePacketSource(file.Path, packetsPerSecond: 4, time: time);
        var batch = new PacketBatch();
        for (int i = 0; i < 5; i++)
        {
            Assert.True(source.TryRead(batch, default));
            Assert.Equal([$"{i:X2}"], Hex(batch));
            Assert.Equal(TimeSpan.FromSeconds(i / 4.0), time.Elapsed);
        }
        Assert.False(source.TryRead(batch, default));
    }

    [Fact]
    public void A_paced_replay_goes_through_small_batches_whole()
    {
        using TemporaryFile file = Sample([.. Enumerable.Repeat(0.0, 100)]);
        using var source = new FilePacketSource(file.Path, realtime: true, time: new FakeTime());
        var batch = new PacketBatch(bytes: 3, packets: 50);
        var all = new List<string>();
        while (source.TryRead(batch, default))
        {
            Assert.InRange(batch.Count, 1, 3);
            all.AddRange(Hex(batch));
        }
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i:X2}"), all);
    }

    [Fact]
    public void A_wait_can_be_cancelled()
    {
        using TemporaryFile file = Sample(0, 3600);
        using var source = new FilePacketSource(file.Path, realtime: true);
        var batch = new PacketBatch();
        Assert.True(source.TryRead(batch, default));
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(1));
        // A machine under load cancels late, when the longest silence is over and an empty batch was handed out: the next packet is an hour away.
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            for (int i = 0; i < 200; i++)
            {
                Assert.True(source.TryRead(batch, cancelled.Token));
                Assert.Equal(0, batch.Count);
            }
        });
    }

    [Fact]
    public void The_error_of_a_damaged_file_is_told_after_its_packets()
    {
        using var file = new TemporaryFile(new SampleFile(false).PcapHeader().Record(Start, 0, [0]).Record(Start + 1, 0, [1]).Raw([1]).Bytes);
        using var source = new FilePacketSource(file.Path, realtime: true, time: new FakeTime());
        var batch = new PacketBatch();
        Assert.True(source.TryRead(batch, default));
        Assert.Null(source.Error);
        // A second between the two packets: three empty batches.
        for (int i = 0; i < 4; i++)
        {
            Assert.True(source.TryRead(batch, default));
            Assert.Equal(i < 3 ? 0 : 1, batch.Count);
        }
        Assert.False(source.TryRead(batch, default));
        Assert.Equal($"cut inside a record header at byte {24 + 17 + 17 + 1}", source.Error);
    }

    [Theory]
    [InlineData("wlan0", false)]
    [InlineData("eth0.100", false)]
    [InlineData("walk.pcapng", true)]
    [InlineData("walk.PCAP.gz", true)]
    [InlineData("/dev/stdin", true)]
    [InlineData("wlan0:type=pcapfile", true)]
    [InlineData("walk.pcap:type=linuxwifi", false)]
    public void A_definition_means_a_file_or_an_interface(string definition, bool file) =>
        Assert.Equal(file, PacketSources.IsFile(SourceDefinition.Parse(definition)));

    [Fact]
    public void A_definition_opens_the_file_that_it_means()
    {
        using TemporaryFile file = Sample(0, 5);
        using IPacketSource source = PacketSources.Open(SourceDefinition.Parse($"{file.Path}:pps=1"), new FakeTime());
        var batch = new PacketBatch();
        Assert.True(source.TryRead(batch, default));
        Assert.Equal(1, batch.Count);
        Assert.Throws<CaptureFormatException>(() => PacketSources.Open(SourceDefinition.Parse($"{file.Path}.gone:type=pcapfile")));
    }

    [Fact]
    public void A_capture_file_is_not_filtered()
    {
        using TemporaryFile file = Sample(0);
        string definition = $"{file.Path}:filter=\"type mgt, and more\"";
        Assert.Equal(
            $"source '{definition}': option filter: only live interfaces can be filtered",
            Assert.Throws<PacketSourceException>(() => PacketSources.Open(SourceDefinition.Parse(definition))).Message);
        // Nothing is no filter.
        PacketSources.Open(SourceDefinition.Parse($"{file.Path}:filter=\"\"")).Dispose();
    }

    [Theory]
    [InlineData("lo:snaplen=0", "option snaplen: '0' is no number from 1 to 262144")]
    [InlineData("lo:buffer=x", "option buffer: 'x' is no number from 1 to 2147483647")]
    [InlineData("lo:monitor=x", "option monitor: 'x' is neither true nor false")]
    public void A_wrong_option_of_a_live_source_is_explained(string definition, string reason) => Assert.Equal(
        $"source '{definition}': {reason}",
        Assert.Throws<PacketSourceException>(() => LibpcapSettings.From(SourceDefinition.Parse(definition))).Message);

    /// <summary>A capture whose packets hold their number and have the given times.</summary>
    private static TemporaryFile Sample(params double[] seconds)
    {
        var file = new SampleFile(false).PcapHeader();
        for (int i = 0; i < seconds.Length; i++)
        {
            long micros = (long)Math.Round(seconds[i] * 1e6);
            file.Record(Start + (uint)(micros / 1_000_000), (uint)(micros % 1_000_000), [(byte)i]);
        }
        return new(file.Bytes);
    }

    private static List<string> Hex(PacketBatch batch) => [.. Enumerable.Range(0, batch.Count).Select(i => Convert.ToHexString(batch.Span(i)))];
}
