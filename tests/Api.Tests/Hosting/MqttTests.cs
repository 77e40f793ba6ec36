using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Server;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>A broker's reports of rtl_433 are a source of the embedded server.</summary>
public sealed class MqttTests
{
    [Fact]
    public async Task Reports_become_devices_and_a_broker_that_comes_back_is_heard_again()
    {
        int port = FreePort();
        await using TestServer server = await TestServer.StartAsync();
        MqttServer broker = await StartAsync(port);
        _ = (await server.Client.CommandAsync("/datasource/add_source.cmd", $$"""{"definition":"mqtt://127.0.0.1:{{port}}:name=home"}""")).Ok();
        await HeardAsync(server, broker, 7);
        await broker.StopAsync();
        broker.Dispose();
        using MqttServer again = await StartAsync(port);
        await HeardAsync(server, again, 8);
        JsonElement source = (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List.Single();
        Assert.Equal(("home", "mqtt"), (source.Text("kismet.datasource.name"), source.GetProperty("kismet.datasource.type_driver").Text("kismet.datasource.driver.type")));
    }

    [Fact]
    public async Task A_command_sends_no_file_of_this_machine_to_a_broker()
    {
        await using TestServer server = await TestServer.StartAsync();
        (await server.Client.CommandAsync("/datasource/add_source.cmd", """{"definition":"mqtt://127.0.0.1/x:passwordfile=/etc/passwd"}"""))
            .QueryError("source 'mqtt://127.0.0.1/x:passwordfile=/etc/passwd': option passwordfile: of the command line and the settings alone");
    }

    // Published until it is heard: nobody keeps what comes before there is a subscriber.
    private static async Task HeardAsync(TestServer server, MqttServer broker, int number)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while ((await server.Client.AskAsync("/devices/views/phy-RFSENSOR/devices.json")).Ok().List.All(device => device.Text("kismet.device.base.name") != $"Acme-{number}"))
        {
            MqttApplicationMessage message = new MqttApplicationMessageBuilder().WithTopic("rtl_433/pi/events").WithPayload($$"""{"model":"Acme","id":{{number}},"temperature_C":20}""").Build();
            await broker.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = "test" }, patience.Token);
            await Task.Delay(100, patience.Token);
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<MqttServer> StartAsync(int port)
    {
        MqttServer broker = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointPort(port).WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).Build());
        await broker.StartAsync();
        return broker;
    }
}
