using System.Net;
using System.Net.Sockets;
using System.Text;
using KismetOrleans.Grains.Alerts.Outlets;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Wire;
using Microsoft.Extensions.Configuration;

namespace KismetOrleans.Api.Tests.Alerts;

/// <summary>Alerts as syslog messages: RFC 5424 to the letter, by UDP and by TCP, and connected again.</summary>
public sealed class SyslogTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_message_is_one_line_with_its_data_escaped()
    {
        AlertRecord alert = new(
            new RaisedAlert("DEAUTHFLOOD", "a \"b\"\r\n<34>1 forged") { Bssid = new MacAddress(0x0011_2233_4455), Channel = "6]\"\\" }, "DENIAL", 10, 0, 1_700_000_000_123_456);
        Assert.Equal(
            "<36>1 2023-11-14T22:13:20.123456Z capture-1 kismet-orleans - DEAUTHFLOOD "
            + $"[alert@32473 class=\"DENIAL\" bssid=\"00:11:22:33:44:55\" channel=\"6\\]\\\"\\\\\" hash=\"{alert.Hash}\"] a \"b\"  <34>1 forged",
            SyslogReceiver.MessageOf(alert, "capture-1"));
    }

    [Theory]
    [InlineData(0, 38)]
    [InlineData(5, 37)]
    [InlineData(15, 35)]
    [InlineData(20, 34)]
    public void Weights_become_levels(byte severity, int priority) => Assert.StartsWith(
        $"<{priority}>1 ", SyslogReceiver.MessageOf(new(new RaisedAlert("KISMET", ""), "SYSTEM", severity, -1, 1), " "), StringComparison.Ordinal);

    [Fact]
    public async Task A_datagram_each()
    {
        using UdpClient server = new(new IPEndPoint(IPAddress.Loopback, 0));
        using SyslogReceiver syslog = new(new($"udp://127.0.0.1:{((IPEndPoint)server.Client.LocalEndPoint!).Port}"), "host");
        await syslog.DeliverAsync(AlertDeliveryTests.Alert("eins"), default);
        await syslog.DeliverAsync(AlertDeliveryTests.Alert(new string('ü', 4000)), default);
        Assert.EndsWith("] eins", Encoding.UTF8.GetString((await server.ReceiveAsync().WaitAsync(s_patience)).Buffer), StringComparison.Ordinal);
        byte[] cut = (await server.ReceiveAsync().WaitAsync(s_patience)).Buffer;
        Assert.InRange(cut.Length, 2046, 2048);
        Assert.EndsWith("ü", new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(cut), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_over_TCP_are_counted_and_a_lost_connection_is_made_again()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using SyslogReceiver syslog = new(new($"tcp://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), "host");
        await syslog.DeliverAsync(AlertDeliveryTests.Alert("one"), default);
        await syslog.DeliverAsync(AlertDeliveryTests.Alert("two"), default);
        using (TcpClient first = await listener.AcceptTcpClientAsync().WaitAsync(s_patience))
        {
            Assert.EndsWith("] one", await ReadAsync(first.GetStream()), StringComparison.Ordinal);
            Assert.EndsWith("] two", await ReadAsync(first.GetStream()), StringComparison.Ordinal);
        }
        // That it was closed takes a moment to get here.
        Task<TcpClient> next = listener.AcceptTcpClientAsync();
        using CancellationTokenSource patience = new(s_patience);
        while (!next.IsCompleted)
        {
            _ = await Record.ExceptionAsync(() => syslog.DeliverAsync(AlertDeliveryTests.Alert("three"), patience.Token));
            patience.Token.ThrowIfCancellationRequested();
        }
        using TcpClient second = await next;
        Assert.EndsWith("] three", await ReadAsync(second.GetStream()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Webhook", "ftp://example.org/", "Alerts:Outlets:Webhook: expected an address of http or https, got 'ftp://example.org/'")]
    [InlineData("Syslog", "udp://example.org", "Alerts:Outlets:Syslog: expected udp://host:port or tcp://host:port, got 'udp://example.org/'")]
    [InlineData("MinSeverity", "7", "Alerts:Outlets:MinSeverity: expected 0, 5, 10, 15 or 20, got 7")]
    public void A_setting_that_cannot_be_used_is_named(string name, string value, string message)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>($"Alerts:Outlets:{name}", value)]).Build();
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => OutletOptions.Of(configuration)).Message, StringComparison.Ordinal);
    }

    // Byte counting: length, space, message.
    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        int length = 0;
        byte[] one = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(one).AsTask().WaitAsync(s_patience);
            if (one[0] == ' ')
            {
                break;
            }
            length = (length * 10) + one[0] - '0';
        }
        byte[] message = new byte[length];
        await stream.ReadExactlyAsync(message).AsTask().WaitAsync(s_patience);
        return Encoding.UTF8.GetString(message);
    }
}
