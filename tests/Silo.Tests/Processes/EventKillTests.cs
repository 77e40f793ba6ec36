using System.Text.Json;
using KismetOrleans.Api.Tests;
using KismetOrleans.Api.Tests.Events;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.Storage.Tests.Postgres;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>Live events among real processes: those of all silos come to the clients of all API servers, and nothing that is killed stops them.</summary>
public sealed class EventKillTests
{
    [OwnPostgresFact]
    public async Task Events_of_all_silos_come_to_all_servers_whatever_was_killed()
    {
        using ClusterOfProcesses cluster = new();
        await cluster.ApplySchemaAsync();
        (_, string firstUrl) = cluster.StartSilo("silo 1");
        (ProgramProcess second, string secondUrl) = cluster.StartSilo("silo 2");
        await cluster.ReadyAsync(firstUrl);
        await cluster.ReadyAsync(secondUrl);
        string[] apis = [$"http://127.0.0.1:{ClusterOfProcesses.FreePort()}", $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}"];
        ProgramProcess api1 = cluster.StartApi("api 1", apis[0]);
        _ = cluster.StartApi("api 2", apis[1]);
        await cluster.ReadyAsync(apis[0]);
        await cluster.ReadyAsync(apis[1]);
        using SocketClient one = await OpenAsync(apis[0]);
        using SocketClient two = await OpenAsync(apis[1]);

        // Posted at the other server each time.
        await one.UntilSeenAsync(devices => SocketClient.PostAsync(cluster.Http, apis[1], devices), 1);
        await two.UntilSeenAsync(devices => SocketClient.PostAsync(cluster.Http, apis[0], devices), 2);
        await SocketClient.PostAsync(cluster.Http, apis[0], "02:EF:00:00:00:01");
        Assert.Equal("02:EF:00:00:00:01", await LastAsync(one, "02:EF"));
        Assert.Equal("02:EF:00:00:00:01", await LastAsync(two, "02:EF"));

        await KillAsync(second);
        await one.UntilSeenAsync(devices => PostPatientlyAsync(cluster, apis[0], devices), 3);
        await two.UntilSeenAsync(devices => PostPatientlyAsync(cluster, apis[1], devices), 4);

        await KillAsync(api1);
        _ = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (await one.ReceiveAsync() is not null)
            {
            }
            throw new InvalidOperationException("closed");
        });
        await two.UntilSeenAsync(devices => PostPatientlyAsync(cluster, apis[1], devices), 5);
    }

    private static Task<SocketClient> OpenAsync(string api) => SocketClient.OpenAsync(new Uri(api.Replace("http", "ws", StringComparison.Ordinal) + "/eventbus/events.ws"), static _ => { });

    // The next device that is told and begins so; others may still be on their way.
    private static async Task<string> LastAsync(SocketClient client, string start)
    {
        while (true)
        {
            JsonElement happened = await client.EventAsync("NEW_DEVICE");
            string address = happened.GetProperty("NEW_DEVICE").Text("kismet.device.base.macaddr");
            if (address.StartsWith(start, StringComparison.Ordinal))
            {
                return address;
            }
        }
    }

    private static Task PostPatientlyAsync(ClusterOfProcesses cluster, string api, string[] devices) => cluster.UntilAsync("a report is taken", async () =>
    {
        try
        {
            await SocketClient.PostAsync(cluster.Http, api, devices);
            return true;
        }
        catch (Exception e) when (e is JsonException or Xunit.Sdk.XunitException or InvalidOperationException)
        {
            // 503 while the cluster changes.
            return false;
        }
    });

    private static Task KillAsync(ProgramProcess process) => process.KillAsync(CancellationToken.None);
}
