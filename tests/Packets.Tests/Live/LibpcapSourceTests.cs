using System.Net;
using System.Net.Sockets;
using System.Text;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Sources;

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
    public void An_interface_that_does_not_exist_is_answered_with_those_that_do()
    {
        if (!HasLibpcap())
        {
            return;
        }
        var thrown = Assert.Throws<PacketSourceException>(() => new LibpcapSource("no-such-if0"));
        Assert.StartsWith("no-such-if0: ", thrown.Message, StringComparison.Ordinal);
        // Who may not capture is told that instead.
        Assert.True(thrown.Message.Contains("There are: ", StringComparison.Ordinal) || thrown.Message.Contains("setcap cap_net_raw,cap_net_admin+eip", StringComparison.Ordinal),
            thrown.Message);
    }

    [Theory]
    [InlineData(Libpcap.ErrorPermission, "wlan0: this process may not capture. Allow the executable to, once: sudo setcap cap_net_raw,cap_net_admin+eip ")]
    [InlineData(Libpcap.ErrorPromiscuousPermission, "wlan0: this process may not capture. ")]
    [InlineData(Libpcap.ErrorMonitorUnsupported, "wlan0: the interface or its driver has no monitor mode (libpcap: why)")]
    [InlineData(Libpcap.ErrorInterfaceDown, "wlan0: the interface is down. Bring it up: sudo ip link set wlan0 up (libpcap: why)")]
    [InlineData(-1, "wlan0: libpcap reports error -1 (libpcap: why)")]
    public void What_libpcap_refuses_is_explained(int status, string beginning) =>
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

    private static LibpcapSource? OpenLoopback()
    {
        try
        {
            return new LibpcapSource("lo");
        }
        catch (PacketSourceException)
        {
            return null;
        }
    }
}
