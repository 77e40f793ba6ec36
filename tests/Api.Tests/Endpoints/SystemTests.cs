using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>State of the server, phys, channels, rates, plugins and messages.</summary>
[Collection(CampusCollection.Name)]
public sealed class SystemTests(Campus campus)
{
    private readonly HttpClient _client = campus.Client;

    [Fact]
    public async Task The_clock_is_the_servers()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        JsonElement time = (await _client.AskAsync("/system/timestamp.json")).Ok().Json;
        Assert.Equal(["kismet.system.timestamp.sec", "kismet.system.timestamp.usec"], time.EnumerateObject().Select(static m => m.Name));
        Assert.InRange(time.Number("kismet.system.timestamp.sec"), before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.InRange(time.Number("kismet.system.timestamp.usec"), 0, 999_999);
        JsonElement status = (await _client.AskAsync("/system/status.json")).Ok().Json;
        Assert.InRange(status.Number("kismet.system.timestamp.sec"), before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.InRange(status.Number("kismet.system.timestamp.start_sec"), before - 600, before);
        Assert.True(status.Number("kismet.system.memory.rss") > 1024);
    }

    [Fact]
    public async Task Status_counts_the_devices_within_a_second_or_so()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while ((await _client.AskAsync("/system/status.json")).Ok().Json.Number("kismet.system.devices.count") != campus.Devices.Count)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    [Fact]
    public async Task The_user_and_the_plugins_are_told()
    {
        Assert.Equal(
            $$"""{"kismet.system.user": {{JsonSerializer.Serialize(Environment.UserName)}}}""", (await _client.AskAsync("/system/user_status.json")).Ok().Body);
        Assert.Equal("[]", (await _client.AskAsync("/plugins/all_plugins.json")).Ok().Body);
        Assert.Equal("", (await _client.AskAsync("/plugins/all_plugins.ekjson")).Ok().Body);
        Assert.Equal("", (await _client.AskAsync("/plugins/all_plugins.itjson")).Ok().Body);
    }

    [Fact]
    public async Task Tracked_fields_name_every_field_that_a_device_prints()
    {
        Answer page = await _client.AskAsync("/system/tracked_fields.html");
        Assert.Equal((System.Net.HttpStatusCode.OK, "text/html"), (page.Status, page.ContentType));
        Assert.All(
            campus.Devices.Values.First().EnumerateObject(),
            field => Assert.Contains(">" + field.Name + "<", page.Body, StringComparison.Ordinal));
        (await _client.AskAsync("/system/tracked_fields.json")).NotFound();
    }

    [Fact]
    public async Task Phys_add_up_to_the_devices_and_the_packets()
    {
        JsonElement[] phys = (await _client.AskAsync("/phy/all_phys.json")).Ok().List;
        Assert.Equal(11, phys.Length);
        Assert.Equal(Enumerable.Range(0, 11).Select(static i => (long)i), phys.Select(static p => p.Number("kismet.phy.phy_id")));
        Assert.Equal(campus.Devices.Count, phys.Sum(static p => p.Number("kismet.phy.device_count")));
        JsonElement source = (await _client.AskAsync("/datasource/all_sources.json")).Ok().List.Single();
        Assert.InRange(phys[0].Number("kismet.phy.packet_count"), 1, source.Number("kismet.datasource.num_packets"));
    }

    [Fact]
    public async Task Channels_are_keyed_by_frequency_and_by_name()
    {
        JsonElement map = (await _client.AskAsync("/channels/channels.json")).Ok().Json;
        Assert.Equal(["kismet.channeltracker.frequency_map", "kismet.channeltracker.channel_map"], map.EnumerateObject().Select(static m => m.Name));
        JsonProperty[] frequencies = [.. map.GetProperty("kismet.channeltracker.frequency_map").EnumerateObject()];
        Assert.NotEmpty(frequencies);
        Assert.All(frequencies, static f => Assert.InRange(long.Parse(f.Name, System.Globalization.CultureInfo.InvariantCulture), 2_400_000, 7_200_000));
        // Formats rename fields, never the keys of a map.
        JsonElement underscored = (await _client.AskAsync("/channels/channels.tjson")).Ok().Json.GetProperty("kismet_channeltracker_frequency_map");
        Assert.Equal(frequencies.Select(static f => f.Name), underscored.EnumerateObject().Select(static f => f.Name));
    }

    [Fact]
    public async Task Messages_tell_of_the_source_and_of_devices()
    {
        JsonElement[] messages = (await _client.AskAsync("/messagebus/all_messages.json")).Ok().List;
        Assert.InRange(messages.Length, 2, 50);
        Assert.Contains(messages, static m => m.Text("kismet.messagebus.message_string").StartsWith("Data source ", StringComparison.Ordinal));
        Assert.Contains(messages, static m => m.Text("kismet.messagebus.message_string").StartsWith("Detected new ", StringComparison.Ordinal));
        Assert.Equal(messages.Select(static m => m.Number("kismet.messagebus.message_time")).Order(), messages.Select(static m => m.Number("kismet.messagebus.message_time")));
    }

    [Fact]
    public async Task Messages_since_a_time_are_strictly_newer()
    {
        JsonElement[] all = (await _client.AskAsync("/messagebus/all_messages.json")).Ok().List;
        long newest = all.Max(static m => m.Number("kismet.messagebus.message_time"));
        Assert.Equal(all.Length, await CountAsync("0"));
        Assert.Equal(all.Length, await CountAsync("0.0"));
        Assert.Equal(all.Length, await CountAsync($"-{DateTimeOffset.UtcNow.ToUnixTimeSeconds() - newest + 3600}"));
        Assert.Equal(0, await CountAsync($"{newest}"));
        Assert.Equal(0, await CountAsync($"{newest}.999999"));
        Assert.Equal(0, await CountAsync("9223372036854775807"));
        Assert.Equal(all.Count(m => m.Number("kismet.messagebus.message_time") == newest), await CountAsync($"{newest - 1}"));
        Assert.Equal(all.Length, await CountAsync(".5"));
        Assert.Equal(all.Length, await CountAsync("-1e12"));
    }

    [Fact]
    public async Task Packet_stats_have_a_history_each()
    {
        JsonElement stats = (await _client.AskAsync("/packetchain/packet_stats.json")).Ok().Json;
        Assert.Equal(7, stats.EnumerateObject().Count());
        foreach (JsonProperty history in stats.EnumerateObject())
        {
            Assert.EndsWith("packets_rrd", history.Name, StringComparison.Ordinal);
            Assert.Equal(60, history.Value.GetProperty("kismet.common.rrd.minute_vec").GetArrayLength());
        }
        JsonElement rate = (await _client.AskAsync("/packetchain/packet_rate.json")).Ok().Json;
        Assert.Equal(24, rate.GetProperty("kismet.common.rrd.day_vec").GetArrayLength());
        Assert.Equal("""{"dynamicjs": []}""", (await _client.AskAsync("/dynamic.json")).Ok().Body);
    }

    private async Task<int> CountAsync(string time)
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        JsonElement answer = (await _client.AskAsync($"/messagebus/last-time/{time}/messages.json")).Ok().Json;
        Assert.InRange(answer.Number("kismet.messagebus.timestamp"), before, before + 5);
        return answer.GetProperty("kismet.messagebus.list").GetArrayLength();
    }
}
