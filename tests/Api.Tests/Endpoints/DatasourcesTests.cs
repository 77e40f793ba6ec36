using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>Datasources as records.</summary>
[Collection(CampusCollection.Name)]
public sealed class DatasourcesTests(Campus campus)
{
    private readonly HttpClient _client = campus.Client;

    [Fact]
    public async Task A_replayed_file_is_running_and_has_its_counts()
    {
        JsonElement source = (await _client.AskAsync("/datasource/all_sources.json")).Ok().List.Single();
        Assert.Equal(
            (1, 1, 0, ""),
            (source.Number("kismet.datasource.source_number"), source.Number("kismet.datasource.running"),
                source.Number("kismet.datasource.error"), source.Text("kismet.datasource.error_reason")));
        Assert.Equal(
            (Repository.Campus, Repository.Campus, Repository.Campus),
            (source.Text("kismet.datasource.definition"), source.Text("kismet.datasource.interface"), source.Text("kismet.datasource.name")));
        Assert.Equal(1, source.GetProperty("kismet.datasource.replay.share").GetDouble());
        Assert.Equal("pcapfile", source.GetProperty("kismet.datasource.type_driver").Text("kismet.datasource.driver.type"));
        Assert.True(source.Number("kismet.datasource.num_packets") > source.Number("kismet.datasource.num_error_packets"));
        Assert.Equal(60, source.GetProperty("kismet.datasource.packets_rrd").GetProperty("kismet.common.rrd.minute_vec").GetArrayLength());
    }

    [Fact]
    public async Task By_uuid_gives_the_same_record_in_either_case()
    {
        foreach (string uuid in (string[])[campus.Uuid, campus.Uuid.ToLowerInvariant()])
        {
            JsonElement source = (await _client.AskAsync($"/datasource/by-uuid/{uuid}/source.json")).Ok().Json;
            Assert.Equal(campus.Uuid, source.Text("kismet.datasource.uuid"));
            Assert.Equal(
                $$"""{"u": "{{campus.Uuid}}"}""",
                (await _client.CommandAsync($"/datasource/by-uuid/{uuid}/source.json", """{"fields": [["kismet.datasource.uuid","u"]]}""")).Ok().Body);
        }
        (await _client.AskAsync("/datasource/by-uuid/nonsense/source.json")).QueryError("unable to parse string value");
        (await _client.AskAsync("/datasource/by-uuid/00000000-0000-0000-0000-000000000001/source.json")).QueryError("no such datasource");
    }

    [Fact]
    public async Task Types_and_defaults_are_told()
    {
        JsonElement[] types = (await _client.AskAsync("/datasource/types.json")).Ok().List;
        Assert.Equal(["pcapfile", "kismetdb", "wiglecsv", "netxml", "pcap-over-ip", "mqtt", "linuxwifi"], types.Select(static t => t.Text("kismet.datasource.driver.type")));
        JsonElement defaults = (await _client.AskAsync("/datasource/defaults.json")).Ok().Json;
        Assert.Equal((5, 1), (defaults.Real("kismet.datasourcetracker.default.hop_rate"), defaults.Number("kismet.datasourcetracker.default.hop")));
    }
}
