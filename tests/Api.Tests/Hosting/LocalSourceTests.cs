using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using KismetOrleans.Api.Tests.Events;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Channels;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Sources that the server opens itself: added, closed, opened, paused and resumed by command.</summary>
public sealed class LocalSourceTests
{
    private const string Add = "/datasource/add_source.cmd";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_file_is_added_paused_resumed_closed_and_opened_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        // So slowly that it is not through before it is told to pause.
        string definition = $"{Repository.Campus}:name=walk,pps=200";
        JsonElement added = (await CommandAsync(client, Add, definition)).Ok().Json;
        Assert.Equal((1, 0, "walk", definition), (Running(added), Error(added), added.Text("kismet.datasource.name"), added.Text("kismet.datasource.definition")));
        string one = $"/datasource/by-uuid/{added.Text("kismet.datasource.uuid")}/";
        (await client.AskAsync(one + "open_source.cmd")).QueryError("source already running");
        (await client.AskAsync(one + "resume_source.cmd")).QueryError("source already running");
        Assert.Equal(1, (await client.AskAsync(one + "pause_source.cmd")).Ok().Json.Number("kismet.datasource.paused"));
        (await client.AskAsync(one + "pause_source.cmd")).QueryError("source already paused");
        Assert.Equal(0, (await client.AskAsync(one + "resume_source.json")).Ok().Json.Number("kismet.datasource.paused"));
        (await client.CommandAsync(one + "set_channel.cmd", """{"channel":"6"}""")).QueryError("a capture file has no channels");
        (await client.AskAsync(one + "set_hop.cmd")).QueryError("a capture file has no channels");

        JsonElement closed = (await client.AskAsync(one + "close_source.cmd")).Ok().Json;
        Assert.Equal((0, 1, "Source disabled"), (Running(closed), Error(closed), closed.Text("kismet.datasource.error_reason")));
        long packets = closed.Number("kismet.datasource.num_packets");
        Assert.Equal((0, 1), await StateAsync(client, one + "disable_source.cmd"));
        JsonElement opened = (await client.AskAsync(one + "enable_source.cmd")).Ok().Json;
        Assert.Equal((1, 0, ""), (Running(opened), Error(opened), opened.Text("kismet.datasource.error_reason")));
        Assert.True(opened.Number("kismet.datasource.num_packets") >= packets);
        Assert.Equal((0, 1), await StateAsync(client, one + "close_source.cmd"));
        Assert.Equal((1, 0), await StateAsync(client, one + "open_source.cmd"));
    }

    [Fact]
    public async Task What_cannot_be_opened_is_refused_and_leaves_nothing_behind()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Answer missing = await CommandAsync(client, Add, "/nowhere/walk.pcapng");
        Assert.Equal(HttpStatusCode.InternalServerError, missing.Status);
        Assert.StartsWith("ERROR: /nowhere/walk.pcapng", missing.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, (await CommandAsync(client, Add, $"{Repository.Campus}:filter=type mgt")).Status);
        Assert.Equal(HttpStatusCode.InternalServerError, (await CommandAsync(client, Add, Path.Combine(Repository.Root, "README.md") + ":type=pcapfile")).Status);
        if (Directory.Exists("/sys/class/net/lo"))
        {
            (await CommandAsync(client, Add, "lo:type=linuxwifi")).QueryError(
                "source 'lo:type=linuxwifi': this interface is no Wi-Fi radio; without the type it is captured from all the same");
        }
        (await CommandAsync(client, Add, "MY_DATA_SOURCE")).QueryError(
            "source 'MY_DATA_SOURCE': there is neither an interface nor a file of this name; type=linuxwifi tries it all the same");
        (await CommandAsync(client, Add, "x:type=rtl433")).QueryError("source 'x:type=rtl433': there is no driver 'rtl433'; pcapfile, kismetdb, wiglecsv, netxml, pcap-over-ip, mqtt, linuxwifi are");
        (await CommandAsync(client, Add, ":name=x")).QueryError("source ':name=x': the interface or file is missing");
        Assert.Empty((await client.AskAsync("/datasource/all_sources.json")).Ok().List);
        Assert.DoesNotContain((await client.AskAsync("/alerts/all_alerts.json")).Ok().List, static alert => alert.Text("kismet.alert.header") == "SOURCEERROR");
    }

    [Fact]
    public async Task A_file_that_is_added_again_is_read_again_but_not_twice_at_once()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        using ProbeFile file = ProbeFile.Create(3);
        string uuid = (await CommandAsync(client, Add, file.Path)).Ok().Json.Text("kismet.datasource.uuid");
        await server.WaitForSourcesAsync(1);
        Assert.Equal(uuid, (await CommandAsync(client, Add, $"{file.Path}:name=again")).Ok().Json.Text("kismet.datasource.uuid"));
        await server.WaitForSourcesAsync(1);
        JsonElement source = Assert.Single((await client.AskAsync("/datasource/all_sources.json")).Ok().List);
        Assert.Equal(6, source.Number("kismet.datasource.num_packets"));

        string slow = $"{Repository.Campus}:pps=200";
        uuid = (await CommandAsync(client, Add, slow)).Ok().Json.Text("kismet.datasource.uuid");
        (await CommandAsync(client, Add, slow)).QueryError($"source '{slow}': there is one of this interface, file or UUID already ({uuid.ToLowerInvariant()})");
    }

    [Fact]
    public async Task A_source_that_failed_and_opens_again_is_told_as_an_alert()
    {
        string folder = Directory.CreateTempSubdirectory("ko-again-").FullName;
        try
        {
            string path = Path.Combine(folder, "walk.pcapng");
            await using TestServer server = await TestServer.ReplayAsync(path + ":name=walk");
            HttpClient client = server.Client;
            JsonElement missing = Assert.Single((await client.AskAsync("/datasource/all_sources.json")).Ok().List);
            Assert.Equal(1, Error(missing));
            (await client.AskAsync($"/datasource/by-uuid/{missing.Text("kismet.datasource.uuid")}/open_source.cmd")).QueryError(missing.Text("kismet.datasource.error_reason"));
            Assert.Equal(HttpStatusCode.InternalServerError, (await CommandAsync(client, Add, path)).Status);
            File.Copy(Path.Combine(Repository.Root, "samples", "campus.pcapng"), path);
            Assert.Equal((1, 0), await StateAsync(client, $"/datasource/by-uuid/{missing.Text("kismet.datasource.uuid")}/open_source.cmd"));
            JsonElement[] alerts = (await client.AskAsync("/alerts/all_alerts.json")).Ok().List;
            // It failed up to three times, in one second or in several: the kind's limit is one a second.
            Assert.InRange(Count(alerts, "SOURCEERROR"), 1, 3);
            JsonElement again = Assert.Single(alerts, static alert => alert.Text("kismet.alert.header") == "SOURCEOPEN");
            Assert.Equal("Data source 'walk' was opened again", again.Text("kismet.alert.text"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Names_and_handshakes_that_a_local_source_hears_seconds_apart_are_told_one_by_one()
    {
        await using TestServer server = await TestServer.StartAsync();
        await LiveNamesTests.CheckAsync(server, async definition => (await CommandAsync(server.Client, Add, definition)).Ok());
    }

    [Fact]
    public async Task What_was_heard_before_a_silence_is_there_within_a_second()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        // Three at once, and the next one after an hour.
        using ProbeFile file = ProbeFile.Create(4, seconds: static i => i < 3 ? 0u : 3600);
        string definition = $"{file.Path}:realtime=true";
        TimeSpan quickest = TimeSpan.MaxValue;
        for (int attempt = 0; attempt < 3 && quickest > TimeSpan.FromSeconds(1); attempt++)
        {
            // A busy machine may be late; the source itself would be late by an hour.
            string uuid = (await CommandAsync(client, Add, $"{definition},uuid={Guid.NewGuid()}")).Ok().Json.Text("kismet.datasource.uuid");
            Stopwatch since = Stopwatch.StartNew();
            while (await PacketsAsync(client, uuid) < 3)
            {
                Assert.InRange(since.Elapsed, TimeSpan.Zero, s_patience);
                await Task.Delay(10);
            }
            quickest = since.Elapsed < quickest ? since.Elapsed : quickest;
            Assert.Equal(3, await PacketsAsync(client, uuid));
            Assert.Equal((0, 1), await StateAsync(client, $"/datasource/by-uuid/{uuid}/close_source.cmd"));
        }
        Assert.InRange(quickest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Stopwatch told = Stopwatch.StartNew();
        while (!(await client.AskAsync("/messagebus/all_messages.json")).Ok().List.Any(
            static m => m.Text("kismet.messagebus.message_string").StartsWith("Detected new ", StringComparison.Ordinal)))
        {
            Assert.InRange(told.Elapsed, TimeSpan.Zero, s_patience);
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task An_interface_that_fails_is_opened_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpClient client = server.Client;
        Radio radio = new();
        int opened = 0;
        LocalSources sources = server.App.Services.GetRequiredService<LocalSources>();
        sources.Means = new(
            (_, _) => ++opened switch
            {
                1 => throw new PacketSourceException("unplugged"),
                2 => Later(new() { Error = "reset" }),
                _ => radio,
            },
            new NoTuner());
        await sources.StartAsync("wlan9:type=linuxwifi");
        JsonElement added = Assert.Single((await client.AskAsync("/datasource/all_sources.json")).Ok().List);
        string one = $"/datasource/by-uuid/{added.Text("kismet.datasource.uuid")}/";
        JsonElement source = await UntilAsync(client, one, static s => Running(s) == 1 && s.Number("kismet.datasource.total_retry_attempts") == 2);
        Assert.Equal(1, source.Number("kismet.datasource.retry"));
        Assert.Equal((0, "", 0), (Error(source), source.Text("kismet.datasource.error_reason"), source.Number("kismet.datasource.retry_attempts")));
        radio.Hears.Add(5);
        _ = await UntilAsync(client, one, static s => s.Number("kismet.datasource.num_packets") == 5);

        // Paused it hears for nobody; closed it stays closed.
        _ = (await client.AskAsync(one + "pause_source.cmd")).Ok();
        // Who asks for the next has done with what came before.
        foreach (int packets in (int[])[7, 0])
        {
            radio.Hears.Add(packets);
            for (Stopwatch taken = Stopwatch.StartNew(); radio.Hears.Count > 0; await Task.Delay(10))
            {
                Assert.True(taken.Elapsed < s_patience, "the radio is not asked");
            }
        }
        _ = (await client.AskAsync(one + "resume_source.cmd")).Ok();
        Assert.Equal((0, 1), await StateAsync(client, one + "close_source.cmd"));
        Assert.True(radio.Disposed);
        Assert.Equal(3, opened);
        Assert.Equal((1, 0), await StateAsync(client, one + "open_source.cmd"));
        Assert.Equal(4, opened);
        radio.Hears.Add(1);
        _ = await UntilAsync(client, one, static s => s.Number("kismet.datasource.num_packets") == 6);
        // Alerts are published beside the source's record, within a second.
        JsonElement[] alerts;
        Stopwatch since = Stopwatch.StartNew();
        while (Count(alerts = (await client.AskAsync("/alerts/all_alerts.json")).Ok().List, "SOURCEOPEN") < 2 && since.Elapsed < s_patience)
        {
            await Task.Delay(20);
        }
        Assert.Equal((2, 2), (Count(alerts, "SOURCEERROR"), Count(alerts, "SOURCEOPEN")));
    }

    // SOURCEERROR is limited to one a second, and the interface is opened again after just that.
    private static Radio Later(Radio radio)
    {
        Thread.Sleep(1500);
        return radio;
    }

    [Fact]
    public async Task The_interfaces_of_this_host_are_listed_radios_alone_unless_all_are_asked_for()
    {
        if (!Directory.Exists("/sys/class/net/lo"))
        {
            return;
        }
        await using TestServer server = await TestServer.StartAsync();
        JsonElement loopback = (await server.Client.AskAsync("/datasource/list_interfaces.cmd?all=true")).Ok().List
            .Single(static i => i.Text("kismet.datasource.probed.interface") == "lo");
        Assert.Equal("", loopback.Text("kismet.datasource.probed.hardware"));
        Assert.DoesNotContain(
            (await server.Client.AskAsync("/datasource/list_interfaces.cmd")).Ok().List, static i => i.Text("kismet.datasource.probed.interface") == "lo");
        (await server.Client.AskAsync("/datasource/list_interfaces.cmd?all=some")).Refused("all: expected true or false, got 'some'");
        Answer answer = await CommandAsync(server.Client, Add, "lo");
        if (answer.Status != HttpStatusCode.OK)
        {
            // Without the right to capture it says so.
            Assert.StartsWith("ERROR: ", answer.Body, StringComparison.Ordinal);
            return;
        }
        JsonElement added = answer.Ok().Json;
        // Frames that pass on it are none that can be read, and end it. What was answered before that holds.
        string uuid = added.Text("kismet.datasource.uuid");
        string one = $"/datasource/by-uuid/{uuid}/";
        loopback = (await server.Client.AskAsync("/datasource/list_interfaces.cmd?all=true")).Ok().List
            .Single(static i => i.Text("kismet.datasource.probed.interface") == "lo");
        Answer refused = await server.Client.CommandAsync(one + "set_channel.cmd", """{"channel":"6"}""");
        if (Error((await server.Client.AskAsync(one + "source.json")).Ok().Json) == 0)
        {
            Assert.Equal(uuid, loopback.Text("kismet.datasource.probed.in_use_uuid"));
            refused.QueryError("the source has no channels to be set");
        }
        Assert.Equal((0, 1), await StateAsync(server.Client, one + "close_source.cmd"));
        Answer opened = await server.Client.AskAsync(one + "open_source.cmd");
        if (Error((await server.Client.AskAsync(one + "source.json")).Ok().Json) == 0)
        {
            Assert.Equal((1, 0), (Running(opened.Ok().Json), Error(opened.Json)));
        }
    }

    private static async Task<long> PacketsAsync(HttpClient client, string uuid) =>
        (await client.AskAsync("/datasource/all_sources.json")).Ok().List
            .Single(source => source.Text("kismet.datasource.uuid") == uuid).Number("kismet.datasource.num_packets");

    private static int Count(JsonElement[] alerts, string header) => alerts.Count(alert => alert.Text("kismet.alert.header") == header);

    private static async Task<JsonElement> UntilAsync(HttpClient client, string one, Predicate<JsonElement> isSo)
    {
        for (Stopwatch since = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            JsonElement source = (await client.AskAsync(one + "source.json")).Ok().Json;
            if (isSo(source))
            {
                return source;
            }
            Assert.True(since.Elapsed < s_patience, source.ToString());
        }
    }

    private static Task<Answer> CommandAsync(HttpClient client, string path, string definition) =>
        client.CommandAsync(path, JsonSerializer.Serialize(new Dictionary<string, string> { ["definition"] = definition }));

    private static async Task<(long Running, long Error)> StateAsync(HttpClient client, string path)
    {
        JsonElement record = (await client.AskAsync(path)).Ok().Json;
        return (Running(record), Error(record));
    }

    private static long Running(JsonElement source) => source.Number("kismet.datasource.running");

    private static long Error(JsonElement source) => source.Number("kismet.datasource.error");

    private sealed class NoTuner : IChannelTuner
    {
        public Task<(IReadOnlyList<RadioChannel> Channels, string? Problem)> ListAsync(string interfaceName, CancellationToken cancellation) =>
            Task.FromResult<(IReadOnlyList<RadioChannel>, string?)>(([], null));

        public Task<TuneResult> SetAsync(string interfaceName, WifiChannel channel, CancellationToken cancellation) => throw new NotSupportedException();
    }

    /// <summary>Hears as many acknowledgements as it is told, or fails at once.</summary>
    private sealed class Radio : IPacketSource
    {
        public BlockingCollection<int> Hears { get; } = [];

        public LinkType LinkType => LinkType.Ieee80211;

        public string Interface => "wlan9";

        public string? Error { get; init; }

        public double? Progress => null;

        public long Dropped => 0;

        public bool Disposed { get; private set; }

        public bool TryRead(PacketBatch batch, CancellationToken cancellation)
        {
            batch.Count = 0;
            if (Error is null && Hears.TryTake(out int packets, PacketSources.LongestSilence))
            {
                batch.Bytes[0] = 0xD4;
                Array.Fill(batch.Packets, new() { LinkType = LinkType, Length = 10, OriginalLength = 10 }, 0, packets);
                batch.Count = packets;
            }
            cancellation.ThrowIfCancellationRequested();
            return Error is null;
        }

        public void Dispose() => Disposed = true;
    }
}
