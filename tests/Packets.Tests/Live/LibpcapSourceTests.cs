using System.Net;
using System.Net.Sockets;
using System.Text;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Sources;
using SharpPcap;

namespace KismetOrleans.Packets.Tests.Live;

/// <summary>Live capture from the loopback interface, where libpcap is there and this process may.</summary>
public sealed class LibpcapSourceTests
{
    [Fact]
    public void A_packet_that_is_sent_is_captured_with_its_time()
    {
        using LibpcapSource? source = OpenLoopback();
        if (source is null)
        {
            return;
        }
        byte[] text = Encoding.ASCII.GetBytes($"KismetOrleans {Guid.NewGuid()}");
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        using var socket = new UdpClient();
        socket.Send(text, new IPEndPoint(IPAddress.Loopback, 9));

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var batch = new PacketBatch();
        while (true)
        {
            Assert.True(source.TryRead(batch, timeout.Token), source.Error);
            for (int i = 0; i < batch.Count; i++)
            {
                if (batch.Span(i).EndsWith(text))
                {
                    Assert.Equal(source.LinkType, batch.Packets[i].LinkType);
                    Assert.Equal(batch.Packets[i].Length, batch.Packets[i].OriginalLength);
                    Assert.False(batch.Packets[i].TimeOutOfRange);
                    Assert.InRange(batch.Packets[i].TimeNs, before - 1_000_000_000, before + 30_000_000_000);
                    Assert.Null(source.Progress);
                    Assert.Null(source.Error);
                    return;
                }
            }
        }
    }

    [Fact]
    public void Only_what_meets_the_filter_is_captured()
    {
        using LibpcapSource? source = OpenLoopback(LibpcapSettings.From(SourceDefinition.Parse("lo:name=one,filter=\"udp port 39998 or arp\"")));
        if (source is null)
        {
            return;
        }
        using var socket = new UdpClient();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var batch = new PacketBatch();
        for (int round = 0; round < 20; round++)
        {
            socket.Send([1], new IPEndPoint(IPAddress.Loopback, 39_997));
            socket.Send([2], new IPEndPoint(IPAddress.Loopback, 39_998));
        }
        for (int seen = 0; seen < 20; seen += batch.Count)
        {
            Assert.True(source.TryRead(batch, timeout.Token), source.Error);
            for (int i = 0; i < batch.Count; i++)
            {
                // Ethernet, IPv4 and UDP come before it. Others may use the port, but not the one that is filtered out.
                Assert.NotEqual([0x9C, 0x3D], batch.Span(i)[36..38].ToArray());
            }
        }
    }

    [Fact]
    public void A_wrong_filter_is_explained()
    {
        using LibpcapSource? may = OpenLoopback();
        if (may is null)
        {
            return;
        }
        var thrown = Assert.Throws<PacketSourceException>(() => PacketSources.Open(SourceDefinition.Parse("lo:filter=\"udp prt 1\"")));
        Assert.StartsWith("lo: option filter: 'udp prt 1' is no filter for this interface (libpcap: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Silence_ends_in_an_empty_batch_after_a_quarter_of_a_second()
    {
        // Nobody sends this on the loopback interface.
        using LibpcapSource? source = OpenLoopback(new() { Filter = "ether proto 0x88b5" });
        if (source is null)
        {
            return;
        }
        var batch = new PacketBatch();
        long start = TimeProvider.System.GetTimestamp();
        Assert.True(source.TryRead(batch, default), source.Error);
        Assert.Equal(0, batch.Count);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), PacketSources.LongestSilence, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Waiting_for_packets_can_be_cancelled()
    {
        using LibpcapSource? source = OpenLoopback();
        if (source is null)
        {
            return;
        }
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => source.TryRead(new PacketBatch(), cancelled.Token));
    }

    [Fact]
    public void Packets_that_found_no_room_are_counted_as_the_kernel_counts_them()
    {
        using LibpcapSource? source = OpenLoopback(new() { BufferBytes = 1 << 16 });
        if (source is null)
        {
            return;
        }
        using var socket = new UdpClient();
        byte[] bytes = new byte[1000];
        // Over a hundred times what the ring holds, and nobody reads.
        for (int i = 0; i < 10_000; i++)
        {
            socket.Send(bytes, new IPEndPoint(IPAddress.Loopback, 9));
        }
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.True(source.TryRead(new PacketBatch(), timeout.Token), source.Error);
        Assert.InRange(source.Dropped, 5_000, 1_000_000);
    }

    [Fact]
    public void Reading_packets_allocates_nothing()
    {
        using LibpcapSource? source = OpenLoopback();
        if (source is null)
        {
            return;
        }
        using var socket = new UdpClient();
        byte[] bytes = new byte[100];
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var batch = new PacketBatch();
        long before = 0;
        // The first round is for what is allocated once.
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 2_000; i++)
            {
                socket.Send(bytes, new IPEndPoint(IPAddress.Loopback, 9));
            }
            before = GC.GetAllocatedBytesForCurrentThread();
            for (int read = 0; read < 2_000; read += batch.Count)
            {
                Assert.True(source.TryRead(batch, timeout.Token), source.Error);
            }
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    [Fact]
    public void An_interface_that_does_not_exist_is_answered_with_those_that_do()
    {
        if (!HasLibpcap())
        {
            return;
        }
        var thrown = Assert.Throws<PacketSourceException>(() => new LibpcapSource("no-such-if0"));
        Assert.StartsWith("no-such-if0: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("there is no such interface. There are: ", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PcapError.PermissionDenied, "wlan0: this process may not capture. Allow the executable to, once: sudo setcap cap_net_raw,cap_net_admin+eip ")]
    [InlineData(PcapError.PromiscuousPermissionDenied, "wlan0: this process may not capture. ")]
    [InlineData(PcapError.RfmonNotSupported, "wlan0: the interface or its driver has no monitor mode (libpcap: why)")]
    [InlineData(PcapError.InterfaceNotUp, "wlan0: the interface is down. Bring it up: sudo ip link set wlan0 up (libpcap: why)")]
    [InlineData(PcapError.Generic, "wlan0: libpcap reports error -1 (libpcap: why)")]
    public void What_libpcap_refuses_is_explained(PcapError status, string beginning) =>
        Assert.StartsWith(beginning, LibpcapErrors.Explain("wlan0", status, "why").Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_library_is_answered_with_its_package()
    {
        var thrown = Assert.Throws<PacketSourceException>(() => Libpcap.Call<int>(() => throw new DllNotFoundException("pcap")));
        Assert.Contains("libpcap0.8", thrown.Message, StringComparison.Ordinal);
    }

    private static bool HasLibpcap()
    {
        try
        {
            LibpcapDevices.List();
            return true;
        }
        catch (PacketSourceException)
        {
            return false;
        }
    }

    private static LibpcapSource? OpenLoopback(LibpcapSettings? settings = null)
    {
        try
        {
            return new LibpcapSource("lo", settings);
        }
        catch (PacketSourceException)
        {
            return null;
        }
    }
}
