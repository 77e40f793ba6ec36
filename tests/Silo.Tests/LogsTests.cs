using System.Diagnostics;
using System.Text.Json;
using KismetOrleans.Api.Tests;
using KismetOrleans.Silo.Tests.Processes;
using Microsoft.AspNetCore.Builder;

namespace KismetOrleans.Silo.Tests;

/// <summary>Two API servers of one cluster: a log of one is listed by the other, which may stop it.</summary>
public sealed class LogsTests
{
    [Fact]
    public async Task A_log_of_one_API_server_is_listed_and_stopped_by_the_other()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ko-logs-");
        try
        {
            string gateway = $"{ClusterOfProcesses.FreePort()}";
            string[] common =
            [
                "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Cluster:Id", "kismetorleans", "--Partitions", "4", "--Silo:GatewayPort", gateway,
                "--Log:Prefix", folder.FullName,
            ];
            await using WebApplication silo = Entry.BuildSilo([.. common, "--Silo:Port", $"{ClusterOfProcesses.FreePort()}"]);
            await silo.StartAsync();
            await using WebApplication first = Program.Build([.. common, .. Requests.LoginSettings]);
            await first.StartAsync();
            await using WebApplication second = Program.Build([.. common, .. Requests.LoginSettings]);
            await second.StartAsync();
            using HttpClient one = Requests.NewClient(new(first.Urls.Single()), ClusterOfProcesses.Patience);
            using HttpClient two = Requests.NewClient(new(second.Urls.Single()), ClusterOfProcesses.Patience);
            one.DefaultRequestHeaders.Authorization = two.DefaultRequestHeaders.Authorization = Requests.Login;

            string uuid = (await one.AskAsync("/logging/by-class/pcapng/start.cmd")).Ok().Json.Text("kismet.logfile.uuid");
            Assert.Equal(1, await OpenAsync(two, uuid));
            (await two.AskAsync($"/logging/by-uuid/{Guid.NewGuid()}/stop.cmd")).QueryError("no such log");
            Assert.Equal("OK\n", (await two.AskAsync($"/logging/by-uuid/{uuid}/stop.cmd")).Ok().Body);
            Assert.Equal(0, await OpenAsync(one, uuid));
            Assert.Equal(0, await OpenAsync(two, uuid));
            (await two.AskAsync($"/logging/by-uuid/{uuid}/stop.cmd")).QueryError("no such log");

            // Its logs go with a server.
            await first.StopAsync();
            Stopwatch clock = Stopwatch.StartNew();
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
            while ((await two.AskAsync("/logging/active.json")).Ok().List.Length > 0)
            {
                Assert.True(clock.Elapsed < ClusterOfProcesses.Patience, "still listed");
                _ = await timer.WaitForNextTickAsync();
            }
            await second.StopAsync();
            await silo.StopAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Whether the log is open, once it is listed.
    private static async Task<long> OpenAsync(HttpClient client, string uuid)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            JsonElement[] logs = [.. (await client.AskAsync("/logging/active.json")).Ok().List.Where(log => log.Text("kismet.logfile.uuid") == uuid)];
            if (logs.Length == 1)
            {
                return logs[0].Number("kismet.logfile.open");
            }
            Assert.True(clock.Elapsed < ClusterOfProcesses.Patience, "not listed");
            _ = await timer.WaitForNextTickAsync();
        }
    }
}
