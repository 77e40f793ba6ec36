using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Api.Tests.Streams;

/// <summary>However a stream ends, what was sent is a valid file and the record goes away; a slow reader learns what it lost.</summary>
public sealed class StreamEndTests
{
    private const string All = "/pcap/all_packets.pcapng";

    // The least that the server accepts.
    private const string SmallQueue = "524288";

    // Small, so that the kernel takes little of what is sent.
    private const int ReceiveBytes = 4096;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly MacAddress s_ap = new(0x1234_5678_9ABC);
    private static readonly MacAddress s_client = new(0x0200_0000_0001);

    [Theory]
    [InlineData("cmd", "GET")]
    [InlineData("json", "POST")]
    public async Task Closing_by_number_ends_the_file(string suffix, string verb)
    {
        await using TestServer server = await StartAsync();
        LiveSource lobby = await LiveSource.AddAsync(server, "lobby");
        LiveSource roof = await LiveSource.AddAsync(server, "roof");
        using PcapngClient client = await PcapngClient.OpenAsync(server, All);
        await lobby.HearAsync(LinkType.Ieee80211, Frames(5));
        await roof.HearAsync(LinkType.Radiotap, [.. Frames(2).Select(LiveSource.Radiotap)]);
        Answer closed = (await server.Client.SendAsync(new HttpMethod(verb), $"/streams/by-id/1/close_stream.{suffix}", null)).Ok();
        Assert.Equal("OK", closed.Body);
        Assert.Empty((await server.Client.AskAsync("/streams/all_streams.json")).Ok().List);
        await lobby.HearAsync(LinkType.Ieee80211, Frames(3));
        PcapngContent content = await client.ReadToEndAsync();
        Assert.Equal(7, content.Packets.Count);
        Assert.Equal(
            [
                new(0, Time(4), Time(0), Time(4), 5, 0, 5),
                new(1, Time(1), Time(0), Time(1), 2, 0, 2),
            ],
            content.Statistics);
        Assert.Equal([PcapngBlockType.Statistics, PcapngBlockType.Statistics], content.Blocks[^2..]);
        // And the number is not given again.
        using PcapngClient next = await PcapngClient.OpenAsync(server, All);
        Assert.Equal(2, (await server.Client.AskAsync("/streams/all_streams.json")).Ok().List.Single().Number("kismet.stream.stream_id"));
    }

    [Fact]
    public async Task A_stopping_server_ends_the_file()
    {
        PcapngClient client;
        await using (TestServer server = await StartAsync())
        {
            LiveSource lobby = await LiveSource.AddAsync(server, "lobby");
            client = await PcapngClient.OpenAsync(server, All);
            await lobby.HearAsync(LinkType.Ieee80211, Frames(5));
            Task<PcapngContent> rest = client.ReadToEndAsync();
            await server.App.StopAsync();
            PcapngContent content = await rest;
            Assert.Equal((5, 5L), (content.Packets.Count, content.Statistics.Single().Delivered));
        }
        client.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_goes_away_leaves_no_record(bool reset)
    {
        await using TestServer server = await StartAsync();
        using (TcpClient client = await AskAsync(server))
        {
            client.LingerState = new(reset, 0);
            await UntilStreamsAsync(server, 1);
        }
        // No packet has to be written for that.
        await UntilStreamsAsync(server, 0);
    }

    [Fact]
    public async Task A_slow_reader_is_told_what_it_lost()
    {
        const int Batches = 200;
        const int PerBatch = 100;
        await using TestServer server = await StartAsync("--Streams:QueueBytes", SmallQueue);
        LiveSource lobby = await LiveSource.AddAsync(server, "lobby");
        using PcapngClient slow = await PcapngClient.OpenAsync(server, All);
        using PcapngClient other = await PcapngClient.OpenAsync(server, "/devices/pcap/by-key/1_2/packets.pcapng");
        for (int i = 0; i < Batches; i++)
        {
            await lobby.HearAsync(LinkType.Ieee80211, Frames(PerBatch, 1000));
        }
        // Told in the midst of the file, long before it ends.
        PcapngStatistics first = await slow.ReadStatisticsAsync();
        Assert.InRange(first.Dropped, 1, Batches * PerBatch);
        (await server.Client.AskAsync("/streams/by-id/1/close_stream.cmd")).Ok();
        PcapngContent content = await slow.ReadToEndAsync();
        PcapngStatistics last = content.Statistics[^1];
        Assert.Equal(Batches * PerBatch, last.Received);
        Assert.Equal(content.Packets.Count, last.Delivered);
        Assert.Equal(last.Received, content.Packets.Count + last.Dropped);
        Assert.InRange(last.Dropped, first.Dropped, last.Received);
        // What came through came in order.
        Assert.Equal(content.Packets.Select(static p => p.TimeNs).Order(), content.Packets.Select(static p => p.TimeNs));
    }

    [Fact]
    public async Task A_reader_that_does_not_read_at_all_holds_up_neither_closing_nor_stopping()
    {
        Stopwatch elapsed;
        using TcpClient stuck = new();
        await using (TestServer server = await StartAsync("--Streams:CloseWithin", "00:00:00.2"))
        {
            LiveSource lobby = await LiveSource.AddAsync(server, "lobby");
            await ConnectAsync(stuck, server);
            await UntilStreamsAsync(server, 1);
            for (int i = 0; i < 200; i++)
            {
                await lobby.HearAsync(LinkType.Ieee80211, Frames(100, 1000));
            }
            (await server.Client.AskAsync("/streams/by-id/1/close_stream.cmd")).Ok();
            Assert.Empty((await server.Client.AskAsync("/streams/all_streams.json")).Ok().List);
            elapsed = Stopwatch.StartNew();
        }
        // The host itself would wait for half a minute.
        Assert.InRange(elapsed.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task There_are_no_more_streams_than_are_allowed()
    {
        await using TestServer server = await StartAsync("--Streams:MaxOpen", "1");
        using PcapngClient client = await PcapngClient.OpenAsync(server, All);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.Client.AskAsync(All)).Status);
        (await server.Client.AskAsync("/streams/by-id/1/close_stream.cmd")).Ok();
        await client.ReadToEndAsync();
        using PcapngClient next = await PcapngClient.OpenAsync(server, All);
    }

    [Theory]
    [InlineData("seeds", "[]")]
    [InlineData("current", "{}")]
    public async Task The_list_has_the_form_of_the_dialect(string dialect, string none)
    {
        await using TestServer server = await StartAsync("--Api:Dialect", dialect);
        Assert.Equal(none, (await server.Client.AskAsync("/streams/all_streams.json")).Ok().Body);
        using PcapngClient first = await PcapngClient.OpenAsync(server, All);
        using PcapngClient second = await PcapngClient.OpenAsync(server, All);
        Answer answer = (await server.Client.AskAsync("/streams/all_streams.json")).Ok();
        if (dialect == "seeds")
        {
            Assert.Equal([1L, 2L], answer.List.Select(static s => s.Number("kismet.stream.stream_id")));
            return;
        }
        Assert.Equal(
            [("1", 1L), ("2", 2L)], answer.Json.EnumerateObject().Select(static p => (p.Name, p.Value.Number("kismet.stream.stream_id"))));
        Assert.Single((await server.Client.AskAsync("/streams/all_streams.itjson")).Ok().Lines);
        Assert.Equal(2, (await server.Client.AskAsync("/streams/all_streams.prettyjson")).Ok().Json.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("--Api:Dialect", "kismet")]
    [InlineData("--Streams:QueueBytes", "5")]
    public void A_setting_that_makes_no_sense_keeps_the_server_from_starting(string name, string value) =>
        Assert.Contains(name[2..], Assert.Throws<ArgumentException>(() => Program.Build(["--Storage:Sqlite", "none", name, value])).Message);

    [Fact]
    public async Task Our_own_reader_and_tshark_read_the_file()
    {
        await using TestServer server = await StartAsync();
        LiveSource lobby = await LiveSource.AddAsync(server, "lobby");
        LiveSource roof = await LiveSource.AddAsync(server, "roof");
        using HttpResponseMessage response = await server.Client.GetAsync(All, HttpCompletionOption.ResponseHeadersRead);
        await lobby.HearAsync(LinkType.Ieee80211, Frames(3));
        await roof.HearAsync(LinkType.Radiotap, [.. Frames(2).Select(LiveSource.Radiotap)]);
        (await server.Client.AskAsync("/streams/by-id/1/close_stream.cmd")).Ok();
        string file = Path.Combine(Path.GetTempPath(), $"streams-{Guid.NewGuid():N}.pcapng");
        try
        {
            await File.WriteAllBytesAsync(file, await response.Content.ReadAsByteArrayAsync());
            using (CaptureFileReader reader = CaptureFileReader.Open(file))
            {
                PacketBatch batch = new(1 << 16, 16);
                Assert.True(reader.TryRead(batch));
                Assert.Equal(
                    [(0, Time(0)), (0, Time(1)), (0, Time(2)), (1, Time(0)), (1, Time(1))],
                    batch.Packets.Take(batch.Count).Select(static p => (p.Interface, p.TimeNs)));
                Assert.False(reader.TryRead(batch));
                Assert.Null(reader.Error);
                Assert.Equal(["lobby", "roof"], reader.Interfaces.Select(static i => i.Name));
            }
            // Tshark is no part of this project; where it is not installed, our own reader must do.
            if (await TsharkAsync(file) is { } lines)
            {
                Assert.Equal(
                    ["lobby\t1\t", "lobby\t2\t", "lobby\t3\t", "roof\t1\t0x00000001", "roof\t2\t0x00000001"], lines);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task<TestServer> StartAsync(params string[] args) => TestServer.StartAsync(["--Storage:Sqlite", "none", .. args]);

    private static long Time(int packet) => LiveSource.StartNs + packet * 1_000_000L;

    private static byte[][] Frames(int count, int size = 40) => [.. Enumerable.Range(0, count).Select(i => LiveSource.Data(s_ap, s_client, i, size))];

    private static async Task<TcpClient> AskAsync(TestServer server)
    {
        TcpClient client = new();
        await ConnectAsync(client, server);
        return client;
    }

    private static async Task ConnectAsync(TcpClient client, TestServer server)
    {
        client.ReceiveBufferSize = ReceiveBytes;
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {All} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }

    private static async Task UntilStreamsAsync(TestServer server, int count)
    {
        using CancellationTokenSource patience = new(s_patience);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while ((await server.Client.AskAsync("/streams/all_streams.json")).Ok().List.Length != count)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static async Task<string[]?> TsharkAsync(string file)
    {
        ProcessStartInfo start = new("tshark", ["-r", file, "-T", "fields", "-e", "frame.interface_name", "-e", "frame.packet_id", "-e", "frame.packet_flags"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process tshark = Process.Start(start)!;
            Task<string> errors = tshark.StandardError.ReadToEndAsync();
            string output = await tshark.StandardOutput.ReadToEndAsync();
            await tshark.WaitForExitAsync();
            Assert.True(tshark.ExitCode == 0, await errors);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
