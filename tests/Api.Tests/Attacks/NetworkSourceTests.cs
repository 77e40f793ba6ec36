using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Attacks;

/// <summary>Who is at the other end of a source that comes over the network is a sensor, and not believed beyond what it may say.</summary>
public sealed class NetworkSourceTests
{
    [Fact]
    public async Task A_capture_by_TCP_dates_no_device_into_the_future()
    {
        using ProbeFile file = ProbeFile.Create(2, seconds: static i => i == 0 ? uint.MaxValue - ProbeFile.FirstSecond : 0);
        using TcpListener peer = new(IPAddress.Loopback, 0);
        peer.Start();
        await using TestServer server = await TestServer.StartAsync("-c", $"TCP@127.0.0.1:{((IPEndPoint)peer.LocalEndpoint).Port}:name=tap");
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(30));
        using TcpClient client = await peer.AcceptTcpClientAsync(timeout.Token);
        await client.GetStream().WriteAsync(await File.ReadAllBytesAsync(file.Path, timeout.Token), timeout.Token);
        JsonElement[] devices;
        while ((devices = (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List).Length < 2)
        {
            await Task.Delay(50, timeout.Token);
        }
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        JsonElement ahead = devices.Single(static device => device.Text("kismet.device.base.macaddr") == "02:00:00:00:00:00");
        Assert.InRange(ahead.Number("kismet.device.base.last_time"), now - 30, now);
        // What was waiting somewhere keeps its time.
        Assert.Equal(ProbeFile.FirstSecond, devices.Single(static device => device.Text("kismet.device.base.macaddr") == "02:00:00:00:00:01").Number("kismet.device.base.last_time"));
        Assert.Contains("ahead of the server", (await server.Client.AskAsync("/messagebus/all_messages.json")).Ok().Body, StringComparison.Ordinal);
    }
}
