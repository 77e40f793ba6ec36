using System.Text;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Packets.Protocol;
using static KismetOrleans.Api.Tests.Sensors.RawSensor;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>Nobody uses up the numbers of sources for all, and a source is that of the key that used it first.</summary>
public sealed class SourceNumberTests
{
    private const string Report = "/phy/phy80211/scan/scan_report.cmd";
    private const string Generate = "/auth/apikey/generate.cmd";
    private const string OneReport = """{"bssid":"02:00:00:00:00:09","ssid":"x","channel":"6","signal":-60}""";
    private static readonly byte[] s_probe = Convert.FromHexString("40000000FFFFFFFFFFFF020000000001FFFFFFFFFFFF0000" + "0000" + "010402040B16");

    [Fact]
    public async Task Empty_reports_make_no_source()
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer answer = await ReportAsync(server, Guid.NewGuid(), reports: "");
        Assert.Equal(200, (int)answer.Status);
        Assert.Empty((await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List);
    }

    [Fact]
    public async Task New_sources_are_counted_by_key_and_hour_and_those_that_are_known_go_on()
    {
        await using TestServer server = await TestServer.StartAsync("--Scanning:NewSourcesPerHour", "3");
        (string one, string other) = (await KeyAsync(server, "one", "scanreport"), await KeyAsync(server, "other", "scanreport"));
        Guid[] phones = [.. Enumerable.Range(0, 4).Select(static _ => Guid.NewGuid())];
        foreach (Guid phone in phones[..3])
        {
            Assert.Equal(200, (int)(await ReportAsync(server, phone, one)).Status);
        }
        await KnownAsync(server, phones[..3]);
        Answer refused = await ReportAsync(server, phones[3], one);
        Assert.Equal((429, "source_uuid: too many new sources of one in an hour"), ((int)refused.Status, refused.Json.Text("status")));
        Assert.InRange(refused.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 1200);
        Assert.Equal(200, (int)(await ReportAsync(server, phones[0], one)).Status);
        Assert.Equal(200, (int)(await ReportAsync(server, phones[3], other)).Status);
    }

    [Fact]
    public async Task A_source_is_that_of_the_key_that_used_it_first_until_that_is_revoked()
    {
        await using TestServer server = await TestServer.StartAsync();
        (string first, string second) = (await KeyAsync(server, "first", "scanreport"), await KeyAsync(server, "second", "scanreport"));
        Guid phone = Guid.NewGuid();
        Assert.Equal(200, (int)(await ReportAsync(server, phone, first)).Status);
        await KnownAsync(server, phone);
        Answer refused = await ReportAsync(server, phone, second);
        Assert.Equal((403, "source_uuid: the source is that of another key"), ((int)refused.Status, refused.Json.Text("status")));
        Assert.Equal(200, (int)(await ReportAsync(server, phone, first)).Status);
        (await server.Client.CommandAsync("/auth/apikey/revoke.cmd", """{"name": "first"}""")).Ok();
        await UntilAsync(async () => (int)(await ReportAsync(server, phone, second)).Status == 200);
    }

    [Fact]
    public async Task A_sensor_is_that_of_the_key_that_used_it_first()
    {
        await using TestServer server = await TestServer.StartAsync();
        (string first, string second) = (await KeyAsync(server, "first", "datasource"), await KeyAsync(server, "second", "datasource"));
        Guid uuid = Guid.NewGuid();
        await using (RawSensor sensor = await RawSensor.ConnectAsync(server.Address, first, Hello(uuid, Now())))
        {
            Assert.NotNull(sensor.Welcome);
            await KnownAsync(server, uuid);
            await using RawSensor thief = await RawSensor.ConnectAsync(server.Address, second, Hello(uuid, Now()));
            Assert.Equal(new Bye(ByeReason.Refused, "the source is that of another key"), thief.Refusal);
            await sensor.SendAsync((long)Now(), s_probe);
            await sensor.SavedAsync();
        }
        await using RawSensor again = await RawSensor.ConnectAsync(server.Address, first, Hello(uuid, Now()));
        Assert.NotNull(again.Welcome);
    }

    [Fact]
    public async Task The_administrator_removes_a_phone_and_one_that_comes_back_is_a_new_source()
    {
        await using TestServer server = await TestServer.StartAsync();
        Guid phone = Guid.NewGuid();
        Assert.Equal(200, (int)(await ReportAsync(server, phone)).Status);
        long number = (await KnownAsync(server, phone))[0].Number("kismet.datasource.source_number");
        Assert.Equal(401, (int)(await server.Anonymous.SendAsync(HttpMethod.Post, Remove(phone), null)).Status);
        Assert.Equal("Datasource removed", (await server.Client.CommandAsync(Remove(phone), "{}")).Ok().Body.Trim());
        Assert.Empty((await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List);
        Assert.Equal(500, (int)(await server.Client.CommandAsync(Remove(phone), "{}")).Status);
        Assert.Equal(200, (int)(await ReportAsync(server, phone)).Status);
        Assert.NotEqual(number, (await KnownAsync(server, phone))[0].Number("kismet.datasource.source_number"));
    }

    [Fact]
    public async Task The_administrator_resets_the_mark_of_a_sensor_that_is_not_connected()
    {
        await using TestServer server = await TestServer.StartAsync();
        Guid uuid = Guid.NewGuid();
        ulong ahead = Now() + (12UL * 3600 * 1_000_000_000);
        await using (RawSensor liar = await RawSensor.ConnectAsync(server.Address, null, Hello(uuid, ahead)))
        {
            await liar.SendAsync((long)Now(), s_probe);
            await liar.SavedAsync();
            await KnownAsync(server, uuid);
            Answer refused = await server.Client.CommandAsync(Remove(uuid), "{}");
            Assert.Equal(500, (int)refused.Status);
            Assert.Contains("the sensor is connected", refused.Body, StringComparison.Ordinal);
        }
        await UntilAsync(async () => (int)(await server.Client.CommandAsync(Remove(uuid), "{}")).Status == 200);
        await using RawSensor sensor = await RawSensor.ConnectAsync(server.Address, null, Hello(uuid, Now()));
        Assert.Equal(0ul, sensor.Welcome!.Value.SavedSequence);
        await sensor.SendAsync((long)Now(), s_probe);
        await sensor.SavedAsync();
    }

    private static string Remove(Guid source) => $"/datasource/by-uuid/{source}/remove_source.cmd";

    private static async Task<string> KeyAsync(TestServer server, string name, string role)
    {
        string key = (await server.Client.CommandAsync(Generate, $$"""{"name": "{{name}}","role": "{{role}}","duration": 0}""")).Ok().Body;
        return key;
    }

    private static async Task UntilAsync(Func<Task<bool>> isDone)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (!await isDone())
        {
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task<Answer> ReportAsync(TestServer server, Guid source, string? key = null, string reports = OneReport)
    {
        using StringContent content = new($$"""{"source_uuid":"{{source}}","source_name":"phone","reports":[{{reports}}]}""", Encoding.UTF8, "application/json");
        return await server.Anonymous.SendAsync(HttpMethod.Post, key is null ? Report : $"{Report}?KISMET={key}", content);
    }
}
