using System.Net;
using System.Net.Sockets;
using System.Text;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Wire;
using MQTTnet;
using MQTTnet.Server;

namespace KismetOrleans.Packets.Tests.Sources;

/// <summary>Reports of rtl_433 by a broker of our own.</summary>
public sealed class MqttSourceTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_is_published_becomes_packets_and_the_brokers_end_is_a_reason_to_ask_again()
    {
        int port = FreePort();
        using MqttServer broker = await StartAsync(port);
        using IPacketSource source = PacketSources.Open(SourceDefinition.Parse($"mqtt://127.0.0.1:{port}:name=garage"));
        Assert.Equal(LinkType.JsonReport, source.LinkType);
        await PublishAsync(broker, "rtl_433/pi/events", "{\"model\":\"Acme\"}");
        await PublishAsync(broker, "rtl_433/pi/states", "{}");
        await PublishAsync(broker, "rtl_433/pi/events", new string(' ', 5000));
        await PublishAsync(broker, "rtl_433/roof/events", "{\"id\":2}");
        List<string> found = [];
        PacketBatch batch = new();
        while (found.Count < 2)
        {
            Assert.True(source.TryRead(batch, new CancellationTokenSource(s_patience).Token));
            found.AddRange(Enumerable.Range(0, batch.Count).Select(i => $"{batch.Span(i)[0]} {Encoding.UTF8.GetString(batch.Span(i)[1..])}"));
        }
        Assert.Equal(["1 {\"model\":\"Acme\"}", "1 {\"id\":2}"], found);
        Assert.Equal(1, source.Dropped);
        await broker.StopAsync();
        while (source.TryRead(batch, new CancellationTokenSource(s_patience).Token))
        {
        }
        Assert.StartsWith($"mqtt://127.0.0.1:{port}: the broker's connection ended: ", source.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_wants_a_password_is_given_that_of_the_file()
    {
        int port = FreePort();
        using MqttServer broker = await StartAsync(port);
        broker.ValidatingConnectionAsync += static asked =>
        {
            asked.ReasonCode = asked is { UserName: "reader", Password: "secret" } ? MQTTnet.Protocol.MqttConnectReasonCode.Success : MQTTnet.Protocol.MqttConnectReasonCode.BadUserNameOrPassword;
            return Task.CompletedTask;
        };
        using TemporaryFile file = new("secret\n"u8);
        using (PacketSources.Open(SourceDefinition.Parse($"mqtt://reader@127.0.0.1:{port}/a/#:passwordfile={file.Path}")))
        {
        }
        string refused = Assert.Throws<PacketSourceException>(() => PacketSources.Open(SourceDefinition.Parse($"mqtt://reader@127.0.0.1:{port}/a/#"))).Message;
        Assert.StartsWith($"127.0.0.1:{port}: no broker takes it: ", refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mqtt://host", "host", 1883, false, "rtl_433/+/events")]
    [InlineData("mqtts://host/a/+/b#", "host", 8883, true, "a/+/b#")]
    [InlineData("mqtt://me@host:99/x:name=y", "host", 99, false, "x")]
    public void A_definition_names_broker_and_topic(string definition, string host, int port, bool isEncrypted, string topic)
    {
        SourceDefinition parsed = SourceDefinition.Parse(definition);
        MqttPlace place = MqttPlace.Of(parsed);
        Assert.Equal((host, port, isEncrypted, topic), (place.Host, place.Port, place.IsEncrypted, place.Topic));
        Assert.Equal((false, false), (PacketSources.IsFile(parsed), PacketSources.IsRadio(parsed)));
    }

    [Fact]
    public void A_password_in_a_definition_is_refused_and_not_repeated()
    {
        string error = Assert.Throws<PacketSourceException>(() => PacketSources.Open(SourceDefinition.Parse("mqtt://me:secret@host/x"))).Message;
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
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

    private static Task PublishAsync(MqttServer broker, string topic, string text) =>
        broker.InjectApplicationMessage(new InjectedMqttApplicationMessage(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(text).Build()) { SenderClientId = "test" });
}
