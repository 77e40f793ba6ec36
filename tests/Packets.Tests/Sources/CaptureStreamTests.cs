using System.Diagnostics;
using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Packets.Tests.Files;
using KismetOrleans.Wire;

namespace KismetOrleans.Packets.Tests.Sources;

/// <summary>Captures that come by a pipe or by TCP, when they come.</summary>
public sealed class CaptureStreamTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_pipe_gives_what_comes_when_it_comes_however_it_is_cut()
    {
        byte[] capture = Capture(5);
        using AnonymousPipeServerStream pipe = new(PipeDirection.Out);
        using CaptureStreamReader reader = new(new AnonymousPipeClientStream(PipeDirection.In, pipe.ClientSafePipeHandle), "standard input");
        PacketBatch batch = new();
        Assert.True(reader.TryRead(batch));
        Assert.Equal((0, LinkType.None), (batch.Count, reader.LinkType));
        foreach (byte one in capture.AsMemory(0, 30).ToArray())
        {
            await pipe.WriteAsync(new byte[] { one });
        }
        long wrote = Stopwatch.GetTimestamp();
        do
        {
            Assert.Equal(0, await CountAsync(reader, 0));
        }
        while (reader.LinkType == LinkType.None && Stopwatch.GetElapsedTime(wrote) < s_patience);
        Assert.Equal(LinkType.Radiotap, reader.LinkType);
        await pipe.WriteAsync(capture.AsMemory(30, capture.Length - 32));
        Assert.Equal(4, await CountAsync(reader, 4));
        await pipe.WriteAsync(capture.AsMemory(capture.Length - 2));
        Assert.Equal(1, await CountAsync(reader, 1));
        pipe.Dispose();
        Assert.Equal(0, await CountAsync(reader, int.MaxValue));
        Assert.Null(reader.Error);
    }

    [Theory]
    [InlineData("", "standard input: nothing came of it")]
    [InlineData("D4C3B2A1", "standard input: is cut inside the file header (4 of 24 bytes)")]
    [InlineData("1F8B0800000000000003030000000000000000000000000000", "standard input: is no pcap or pcapng file (gzipped twice, or through a pipe: unpack it first)")]
    public async Task What_is_no_capture_is_said(string hex, string error)
    {
        using CaptureStreamReader reader = new(new MemoryStream(Convert.FromHexString(hex)), "standard input");
        Assert.Equal(0, await CountAsync(reader, int.MaxValue));
        Assert.Equal(error, reader.Error);
    }

    [Fact]
    public async Task A_client_reads_a_capture_by_TCP_and_its_end_is_a_reason_to_ask_again()
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        int port = ((IPEndPoint)server.LocalEndpoint).Port;
        using IPacketSource source = PacketSources.Open(SourceDefinition.Parse($"TCP@127.0.0.1:{port}"));
        using (TcpClient peer = await server.AcceptTcpClientAsync())
        {
            await peer.GetStream().WriteAsync(Capture(3));
            Assert.Equal(3, Count(source, 3));
        }
        Assert.Equal(0, Count(source, int.MaxValue));
        Assert.Equal($"TCP@127.0.0.1:{port}: the other side closed the connection", source.Error);
        Assert.Equal(LinkType.Radiotap, source.LinkType);
    }

    [Fact]
    public async Task A_listener_takes_one_sender_after_the_other()
    {
        using PcapOverIpSource source = new(SourceDefinition.Parse("0:type=pcap-over-ip,listen=true"));
        Assert.Equal(IPAddress.Loopback, source.Place!.Address);
        PacketBatch batch = new();
        Assert.True(source.TryRead(batch, default));
        Assert.Equal(0, batch.Count);
        for (int life = 0; life < 2; life++)
        {
            using TcpClient sender = new();
            await sender.ConnectAsync(source.Place);
            await sender.GetStream().WriteAsync(Capture(2));
            Assert.Equal(2, Count(source, 2));
            using TcpClient second = new();
            await second.ConnectAsync(source.Place);
            // Closed at once, which a read of it ends by.
            Task<int> refused = second.GetStream().ReadAsync(new byte[1]).AsTask();
            Assert.True(SpinWait.SpinUntil(() => source.TryRead(batch, default) && refused.IsCompleted, s_patience));
        }
        Assert.Null(source.Error);
    }

    [Theory]
    [InlineData("TCP@server.example.org", "source 'TCP@server.example.org': the port is missing or none: TCP@server.example.org:57012 has one")]
    [InlineData("TCP@:57012", "source 'TCP@:57012': the port is missing or none: TCP@server.example.org:57012 has one")]
    [InlineData("x:type=pcap-over-ip,listen=true", "source 'x:type=pcap-over-ip,listen=true': 57012 and 0.0.0.0:57012 are places to listen at")]
    [InlineData("here:1:type=pcap-over-ip,listen=true", "source 'here:1:type=pcap-over-ip,listen=true': 'here' is no address of this machine to listen at; 0.0.0.0 are all")]
    [InlineData("TCP@127.0.0.1:9:filter=ether", "source 'TCP@127.0.0.1:9:filter=ether': option filter: only live interfaces can be filtered")]
    public void A_definition_that_is_wrong_is_said(string definition, string error) =>
        Assert.Equal(error, Assert.Throws<PacketSourceException>(() => PacketSources.Open(SourceDefinition.Parse(definition))).Message);

    [Theory]
    [InlineData("-", true, false)]
    [InlineData("-:name=ap", true, false)]
    [InlineData("tcp@host:1", false, false)]
    [InlineData("host:1:type=pcap-over-ip", false, false)]
    [InlineData("wlan0", false, true)]
    public void Only_radios_have_channels(string definition, bool isFile, bool isRadio)
    {
        SourceDefinition parsed = SourceDefinition.Parse(definition);
        Assert.Equal((isFile, isRadio), (PacketSources.IsFile(parsed), PacketSources.IsRadio(parsed)));
    }

    [Theory]
    [InlineData("1:type=pcap-over-ip,listen=true", false)]
    [InlineData("[::1]:1:type=pcap-over-ip,listen=true", false)]
    [InlineData("0.0.0.0:1:type=pcap-over-ip,listen=true", true)]
    [InlineData("TCP@192.0.2.1:1", false)]
    public void Who_listens_for_others_is_warned(string definition, bool exposed) => Assert.Equal(exposed, PcapOverIp.IsExposed(SourceDefinition.Parse(definition)));

    private static byte[] Capture(int packets)
    {
        SampleFile file = new SampleFile(false).PcapHeader();
        for (int i = 0; i < packets; i++)
        {
            file.Record(1_700_000_000, (uint)i, [(byte)i]);
        }
        return file.Bytes;
    }

    private static async Task<int> CountAsync(CaptureStreamReader reader, int wanted) => await Task.Run(() => Count(batch => reader.TryRead(batch), wanted));

    private static int Count(IPacketSource source, int wanted) => Count(batch => source.TryRead(batch, default), wanted);

    // Up to so many, or to the end; of none at all, until it is silent twice.
    private static int Count(Func<PacketBatch, bool> read, int wanted)
    {
        PacketBatch batch = new();
        int found = 0;
        for (int silent = 0; found < wanted || (wanted == 0 && silent < 2); silent++)
        {
            if (!read(batch))
            {
                break;
            }
            found += batch.Count;
            Assert.True(silent < s_patience / PacketSources.LongestSilence);
        }
        return found;
    }
}
