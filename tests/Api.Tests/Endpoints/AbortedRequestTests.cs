using System.Diagnostics;
using KismetOrleans.Api.Tests.Control;
using KismetOrleans.Grains.Partitions;
using KismetOrleans.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>A client that hangs up ends what was asked for it.</summary>
public sealed class AbortedRequestTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("/devices/by-key/{0}/device.json")]
    [InlineData("/devices/by-key/{0}/device.json/kismet.device.base.name")]
    [InlineData("/devices/last-time/0/devices.json")]
    [InlineData("/devices/views/all/devices.json?page=0&size=10")]
    [InlineData("/phy/phy80211/ssids/views/ssids.json")]
    [InlineData("/phy/all_phys.json")]
    public async Task A_request_whose_client_has_gone_does_not_wait_for_partitions_that_have_no_time(string path)
    {
        await using TestServer server = await TestServer.StartAsync();
        string key = await Posted.AccessPointAsync(server.Client, "00:11:22:33:44:01", "campus");
        ConnectionCount connections = server.App.Services.GetRequiredService<ConnectionCount>();
        DevicePartitionGrain[] partitions = [.. server.App.Services.GetRequiredService<LocalPartitions>().All];
        int idle = connections.Open;
        using ManualResetEventSlim over = new();
        using CountdownEvent busy = new(partitions.Length);
        // Each turn holds a thread, and the server needs some beside them: the pool itself makes up for one or so a second.
        ThreadPool.GetMinThreads(out int workers, out int ports);
        Assert.True(ThreadPool.SetMinThreads(workers + partitions.Length, ports));
        Task[] turns = Array.ConvertAll(partitions, partition => partition.TryRunAsync(_ => busy.Signal() | over.Wait(s_patience)));
        try
        {
            await UntilAsync("all partitions are busy", () => busy.IsSet);
            using HttpClient client = Requests.NewClient(server.Address, s_patience);
            client.DefaultRequestHeaders.Authorization = Requests.Login;
            using CancellationTokenSource hangUp = new();
            Task asking = client.GetAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, key), hangUp.Token);
            await UntilAsync("the server has the request", () => connections.Open > idle);
            await hangUp.CancelAsync();
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
            // A connection lasts as long as its request.
            await UntilAsync("the request has ended", () => connections.Open <= idle);
            Assert.All(turns, static turn => Assert.False(turn.IsCompleted));
        }
        finally
        {
            over.Set();
            _ = ThreadPool.SetMinThreads(workers, ports);
        }
        await Task.WhenAll(turns);
        // Others are answered as before.
        Assert.Equal(key, (await Posted.DeviceAsync(server.Client, "00:11:22:33:44:01")).Text("kismet.device.base.key"));
    }

    private static async Task UntilAsync(string what, Func<bool> isSo)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        while (!isSo())
        {
            Assert.True(clock.Elapsed < s_patience / 2, $"not so: {what}");
            _ = await timer.WaitForNextTickAsync();
        }
    }
}
