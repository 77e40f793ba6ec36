using System.Diagnostics;
using System.Text.Json;
using KismetOrleans.Api.Tests.Endpoints;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Logs that have ended: by a full disk, and how many are listed.</summary>
public sealed class EndedLogsTests : LogRig
{
    [SmallDiskFact]
    public async Task A_log_whose_disk_is_full_ends_and_raises_an_alert()
    {
        using SmallDisk disk = new(128 << 10);
        await StartAsync("--Log:Types", "pcapng", "--Log:Prefix", disk.Path, "-c", Repository.Campus);
        JsonElement alert;
        Stopwatch clock = Stopwatch.StartNew();
        do
        {
            await Task.Delay(20);
            alert = (await Client.AskAsync("/alerts/all_alerts.json")).Ok().List.FirstOrDefault(static one => one.Text("kismet.alert.header") == "LOGDISABLED");
        }
        while (alert.ValueKind == JsonValueKind.Undefined && clock.Elapsed < TimeSpan.FromSeconds(30));
        JsonElement log = await ActiveAsync();
        Assert.Equal(0, log.Number("kismet.logfile.open"));
        Assert.StartsWith($"Log '{log.Text("kismet.logfile.path")}' stopped after ", alert.Text("kismet.alert.text"), StringComparison.Ordinal);
        Assert.Contains("No space left on device", alert.Text("kismet.alert.text"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_hundred_closed_logs_are_listed()
    {
        await StartAsync();
        List<string> uuids = [];
        for (int i = 0; i < 102; i++)
        {
            uuids.Add((await Client.AskAsync("/logging/by-class/pcapng/start.json")).Ok().Json.Text("kismet.logfile.uuid"));
            (await Client.AskAsync($"/logging/by-uuid/{uuids[^1]}/stop.json")).Message.EnsureSuccessStatusCode();
        }
        // The last one was open when the others were counted.
        Assert.Equal(
            uuids.Skip(1).Order(StringComparer.Ordinal),
            (await Client.AskAsync("/logging/active.json")).Ok().List.Select(static log => log.Text("kismet.logfile.uuid")).Order(StringComparer.Ordinal));
    }
}
