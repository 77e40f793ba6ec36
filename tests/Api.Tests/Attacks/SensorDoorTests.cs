using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using KismetOrleans.Api.Sensors.RemoteCapture;
using KismetOrleans.Api.Tests.Events;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Api.Tests.Sensors.RemoteCapture;
using KismetOrleans.Packets.Protocol;
using Microsoft.Extensions.DependencyInjection;
using static KismetOrleans.Api.Tests.Sensors.RawSensor;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>All doors by which sensors come have the same rules: agents, Kismet's capture programs, posted lines.</summary>
public sealed class SensorDoorTests
{
    private const string Agents = EdgeProtocol.Path;
    private const string Programs = "/datasource/remote/remotesource.ws";
    private const string Rtl433 = "/datasource/remote/rtl_433.cmd";
    private const string RtlAdsb = "/datasource/remote/rtl_adsb.cmd";
    private const string Report = "/phy/phy80211/scan/scan_report.cmd";
    private const string Warm = """{"model":"Acme-T1","id":4660,"temperature_C":21.5}""";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(Agents)]
    [InlineData(Programs)]
    [InlineData(Rtl433)]
    [InlineData(RtlAdsb)]
    public async Task A_key_of_a_sensor_speaks_for_no_source_that_is_another_ones(string door)
    {
        using ProbeFile file = ProbeFile.Create(1);
        await using TestServer server = await TestServer.StartAsync("-c", $"{file.Path}:name=own");
        await server.WaitForSourcesAsync(1);
        Guid own = Guid.Parse((await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List.Single().Text("kismet.datasource.uuid"));
        (string first, string second) = (await KeyAsync(server, "first"), await KeyAsync(server, "second"));
        (Guid phone, Guid sensor) = (Guid.NewGuid(), Guid.NewGuid());
        (await server.Client.CommandAsync(Report, $$"""{"source_uuid":"{{phone}}","source_name":"phone","reports":[{"bssid":"02:00:00:00:00:09","ssid":"x","channel":"6","signal":-60}]}""")).Ok();
        await using (RawSensor agent = await RawSensor.ConnectAsync(server.Address, first, Hello(sensor, Now())))
        {
            Assert.NotNull(agent.Welcome);
            await KnownAsync(server, phone, sensor);
            Assert.Contains("the UUID is that of a phone", await FeedAsync(server, door, second, phone), StringComparison.Ordinal);
            Assert.Contains("the UUID is that of a source of the server", await FeedAsync(server, door, second, own), StringComparison.Ordinal);
            Assert.Contains("the UUID is that of a sender of TZSP", await FeedAsync(server, door, second, new("545a5350-0000-0000-0000-0000c0000207")), StringComparison.Ordinal);
            Assert.Contains("the source is that of another key", await FeedAsync(server, door, second, sensor), StringComparison.Ordinal);
            Assert.Equal("", await FeedAsync(server, door, second, Guid.NewGuid()));
        }
    }

    [Theory]
    [InlineData(Agents)]
    [InlineData(Programs)]
    [InlineData(Rtl433)]
    [InlineData(RtlAdsb)]
    public async Task New_sensors_are_counted_by_key_and_hour(string door)
    {
        await using TestServer server = await TestServer.StartAsync("--Scanning:NewSourcesPerHour", "2");
        (string first, string second) = (await KeyAsync(server, "first"), await KeyAsync(server, "second"));
        Guid known = Guid.NewGuid();
        await using (RawSensor agent = await RawSensor.ConnectAsync(server.Address, first, Hello(known, Now())))
        {
            Assert.NotNull(agent.Welcome);
            await KnownAsync(server, known);
        }
        Assert.Equal("", await FeedAsync(server, door, first, Guid.NewGuid()));
        Assert.Contains("too many new sources of first in an hour", await FeedAsync(server, door, first, Guid.NewGuid()), StringComparison.Ordinal);
        Assert.Equal("", await FeedAsync(server, door, second, Guid.NewGuid()));
        Assert.Equal("", await FeedAsync(server, door, first, known));
    }

    [Fact]
    public async Task Who_brings_too_many_lines_posts_is_told_when_to_come_again_and_an_agent_comes_by_itself()
    {
        await using TestServer server = await TestServer.StartAsync("--Scanning:NewSourcesPerHour", "1");
        string key = await KeyAsync(server, "first");
        Assert.Equal("", await FeedAsync(server, Rtl433, key, Guid.NewGuid()));
        Answer answer = await PostAsync(server, Rtl433, key, Guid.NewGuid());
        Assert.Equal(429, (int)answer.Status);
        Assert.InRange(answer.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        await using RawSensor agent = await RawSensor.ConnectAsync(server.Address, key, Hello(Guid.NewGuid(), Now()));
        // Not Refused, at which an agent gives up.
        Assert.Equal(ByeReason.Failed, agent.Refusal!.Value.Reason);
    }

    [Theory]
    [InlineData(Agents, "Origin", "https://elsewhere.example")]
    [InlineData(Agents, "Origin", "null")]
    [InlineData(Agents, "Sec-Fetch-Site", "cross-site")]
    [InlineData(Programs, "Origin", "https://elsewhere.example")]
    [InlineData(Programs, "Origin", "null")]
    [InlineData(Programs, "Sec-Fetch-Site", "same-origin")]
    [InlineData(Rtl433, "Origin", "https://elsewhere.example")]
    [InlineData(Rtl433, "Referer", "https://elsewhere.example/page")]
    [InlineData(RtlAdsb, "Origin", "http://127.0.0.1:1")]
    [InlineData(RtlAdsb, "Sec-Fetch-Site", "same-site")]
    public async Task No_page_comes_in(string door, string header, string value)
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach ((string Name, string Value) login in ((string, string)[])[("Accept", "*/*"), ("Authorization", Requests.Login.ToString())])
        {
            int status;
            if (door is Agents or Programs)
            {
                status = (int)await SocketClient.RefusedAsync(server, door, options =>
                {
                    options.SetRequestHeader(header, value);
                    options.SetRequestHeader(login.Name, login.Value);
                });
            }
            else
            {
                using HttpRequestMessage request = new(HttpMethod.Post, door) { Content = new StringContent(Warm, Encoding.UTF8, "text/plain") };
                _ = request.Headers.TryAddWithoutValidation(header, value) && request.Headers.TryAddWithoutValidation(login.Name, login.Value);
                using HttpResponseMessage answer = await server.Anonymous.SendAsync(request);
                status = (int)answer.StatusCode;
            }
            Assert.InRange(status, 401, 403);
        }
        Assert.Empty((await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List);
    }

    [Theory]
    [InlineData("rebound.example")]
    [InlineData("localhost.rebound.example")]
    public async Task Without_keys_this_machine_comes_in_by_a_name_of_its_own_alone(string host)
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (string door in (string[])[Agents, Programs])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await SocketClient.RefusedAsync(server, door, options => options.SetRequestHeader("Host", host)));
        }
        foreach (string door in (string[])[Rtl433, RtlAdsb])
        {
            using HttpRequestMessage request = new(HttpMethod.Post, door) { Content = new StringContent(Warm) };
            request.Headers.Host = host;
            using HttpResponseMessage answer = await server.Anonymous.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Names_of_posts_and_texts_of_programs_have_no_control_characters()
    {
        await using TestServer server = await TestServer.StartAsync();
        using StringContent lines = new(Warm);
        Assert.Equal(200, (int)(await server.Client.SendAsync(HttpMethod.Post, Rtl433 + "?name=hall%0d%0afail%3a%1b%5b2J%c2%9b31m", lines)).Status);
        await using RemotePlayer player = await RemotePlayer.ConnectAsync(server.Address, Requests.Login);
        _ = await player.OpenAsync(Guid.NewGuid(), "wlan0:name=roof\u001b[2J");
        JsonElement[] sources = [];
        await UntilAsync(async () =>
        {
            sources = (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List;
            return sources.Any(static source => source.Text("kismet.datasource.name").StartsWith("roof", StringComparison.Ordinal));
        });
        Assert.All(sources, static source => Assert.DoesNotContain(source.GetRawText(), char.IsControl));
        Assert.Contains(sources, static source => source.Text("kismet.datasource.name") == "hall  fail: [2J 31m");
        Assert.DoesNotContain("\\u001", (await server.Client.AskAsync("/messagebus/all_messages.json")).Ok().Body, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_program_that_talks_without_end_leaves_others_messages_there()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using RemotePlayer player = await RemotePlayer.ConnectAsync(server.Address, Requests.Login);
        _ = await player.OpenAsync(Guid.NewGuid(), "wlan0:name=roof");
        for (int i = 0; i < 500; i++)
        {
            await player.SendTextAsync(RemotePlayer.Message, $"noise {i}", 2);
        }
        await player.SendPacketAsync(Convert.FromHexString("0000080000000000" + "40000000FFFFFFFFFFFF020000000001FFFFFFFFFFFF0000" + "0000" + "010402040B16"));
        await UntilAsync(async () => (await server.Client.AskAsync("/devices/views/all/devices.json")).List.Length == 1);
        string messages = (await server.Client.AskAsync("/messagebus/all_messages.json")).Ok().Body;
        Assert.Contains("Data source 'roof' connected", messages, StringComparison.Ordinal);
        Assert.Contains("noise 0", messages, StringComparison.Ordinal);
        Assert.DoesNotContain("noise 499", messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_address_takes_not_all_places_of_plain_TCP()
    {
        await using TestServer server = await TestServer.StartAsync("--Remote:Listen", "127.0.0.1:0");
        IPEndPoint place = server.App.Services.GetRequiredService<RemoteCaptureListener>().Place;
        List<TcpClient> clients = [];
        try
        {
            for (int i = 0; i <= RemoteCaptureListener.MaxConnectionsEach; i++)
            {
                TcpClient client = new();
                clients.Add(client);
                await client.ConnectAsync(place);
            }
            // Who is taken and says nothing is told so, after a while; who is not is cut off at once.
            using CancellationTokenSource timeout = new(s_timeout);
            byte[] answer = new byte[64];
            Assert.Equal(0, await clients[^1].GetStream().ReadAsync(answer, timeout.Token));
            Assert.NotEqual(0, await clients[0].GetStream().ReadAsync(answer, timeout.Token));
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }

    // Why it was refused; "" where it was not.
    private static async Task<string> FeedAsync(TestServer server, string door, string key, Guid uuid)
    {
        if (door == Agents)
        {
            await using RawSensor agent = await RawSensor.ConnectAsync(server.Address, key, Hello(uuid, Now()));
            return agent.Refusal?.Text ?? "";
        }
        if (door == Programs)
        {
            await using RemotePlayer program = await RemotePlayer.ConnectAsync(server.Address, new AuthenticationHeaderValue("Bearer", key));
            await program.SendNewSourceAsync(uuid, "wlan0");
            RemotePlayer.Received answer = await program.ReceiveAsync();
            return answer.Type == RemotePlayer.OpenRequest ? "" : answer.Json;
        }
        Answer posted = await PostAsync(server, door, key, uuid);
        return posted.Status == HttpStatusCode.OK ? "" : posted.Json.Text("status");
    }

    private static async Task<Answer> PostAsync(TestServer server, string door, string key, Guid uuid)
    {
        using StringContent lines = new(door == Rtl433 ? Warm : "*8D4840D6202CC371C32CE0576098;");
        return await server.Anonymous.SendAsync(HttpMethod.Post, $"{door}?uuid={uuid}&KISMET={key}", lines);
    }

    private static async Task<string> KeyAsync(TestServer server, string name) =>
        (await server.Client.CommandAsync("/auth/apikey/generate.cmd", $$"""{"name":"{{name}}","role":"datasource","duration":0}""")).Ok().Body;

    private static async Task UntilAsync(Func<Task<bool>> isDone)
    {
        using CancellationTokenSource timeout = new(s_timeout);
        while (!await isDone())
        {
            await Task.Delay(50, timeout.Token);
        }
    }
}
