using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using KismetOrleans.Grains.Alerts.Outlets;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KismetOrleans.Api.Tests.Alerts;

/// <summary>Alerts are posted as JSON with a signature that the receiver can check, and a server sends each that it raises.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly Channel<Post> _posts = Channel.CreateUnbounded<Post>();
    private WebApplication _receiver = null!;
    private int _status = 200;

    private sealed record Post(string Body, string? Signature, string? Timestamp, string? Id, string? Type);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost("/hook", async http =>
        {
            using StreamReader reader = new(http.Request.Body);
            IHeaderDictionary headers = http.Request.Headers;
            _posts.Writer.TryWrite(new(
                await reader.ReadToEndAsync(), headers["X-Signature-256"], headers["X-Timestamp"], headers["X-Alert-Id"], http.Request.ContentType));
            http.Response.StatusCode = _status;
        });
        await _receiver.StartAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    private Uri Hook => new(_receiver.Urls.Single() + "/hook");

    [Fact]
    public async Task An_alert_is_posted_and_its_signature_holds()
    {
        AlertRecord alert = new(
            new RaisedAlert("DEAUTHFLOOD", "\"Tür\"") { Bssid = new MacAddress(0x0011_2233_4455), Channel = "6" }, "DENIAL", 10, 0, 1_700_000_000_123_456);
        using WebhookReceiver webhook = new(Hook, "s3cret", TimeProvider.System);
        await webhook.DeliverAsync(alert, default);
        Post post = await NextAsync();
        Assert.Equal(("application/json", $"1700000000123456-{alert.Hash}"), (post.Type, post.Id));
        using JsonDocument json = JsonDocument.Parse(post.Body);
        Assert.Equal(
            ("DEAUTHFLOOD", "\"Tür\"", "00:11:22:33:44:55", 1700000000.123456),
            (json.RootElement.Text("kismet.alert.header"), json.RootElement.Text("kismet.alert.text"), json.RootElement.Text("kismet.alert.transmitter_mac"),
                json.RootElement.GetProperty("kismet.alert.timestamp").GetDouble()));
        byte[] signed = Encoding.UTF8.GetBytes($"{post.Timestamp}.{post.Body}");
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData("s3cret"u8, signed.AsSpan())), post.Signature);
    }

    [Fact]
    public async Task Without_a_secret_there_is_no_signature()
    {
        using WebhookReceiver webhook = new(Hook, null, TimeProvider.System);
        await webhook.DeliverAsync(AlertDeliveryTests.Alert("one"), default);
        Assert.Null((await NextAsync()).Signature);
    }

    [Theory]
    [InlineData(503, false)]
    [InlineData(429, false)]
    [InlineData(400, true)]
    [InlineData(302, true)]
    public async Task What_is_not_taken_is_told_from_what_never_will_be(int status, bool final)
    {
        _status = status;
        using WebhookReceiver webhook = new(Hook, null, TimeProvider.System);
        Exception fault = (await Record.ExceptionAsync(() => webhook.DeliverAsync(AlertDeliveryTests.Alert("one"), default)))!;
        Assert.Equal(final ? typeof(AlertRefusedException) : typeof(HttpRequestException), fault.GetType());
    }

    [Fact]
    public async Task A_server_posts_each_alert_once()
    {
        await using TestServer server = await TestServer.StartAsync("--Alerts:Outlets:Webhook", Hook.ToString(), "--Alerts:Outlets:MinSeverity", "5");
        foreach (string text in (string[])["one", "two"])
        {
            (await server.Client.CommandAsync("/alerts/raise_alert.cmd", $$"""{"name":"KISMET","text":"{{text}}"}""")).Ok();
        }
        Answer defined = await server.Client.CommandAsync(
            "/alerts/definitions/define_alert.cmd", """{"name":"VISITOR","description":"d","throttle":"5/min","burst":"5/sec","severity":15}""");
        Assert.Equal(System.Net.HttpStatusCode.OK, defined.Status);
        foreach (string text in (string[])["three", "four"])
        {
            (await server.Client.CommandAsync("/alerts/raise_alert.cmd", $$"""{"name":"VISITOR","text":"{{text}}"}""")).Ok();
        }
        // The first two weigh too little.
        Assert.Equal(["three", "four"], [await NextVisitorAsync(), await NextVisitorAsync()]);
    }

    private Task<Post> NextAsync() => _posts.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    // The server may have something to say of its own account.
    private async Task<string> NextVisitorAsync()
    {
        while (true)
        {
            using JsonDocument json = JsonDocument.Parse((await NextAsync()).Body);
            Assert.NotEqual("KISMET", json.RootElement.Text("kismet.alert.header"));
            if (json.RootElement.Text("kismet.alert.header") == "VISITOR")
            {
                return json.RootElement.Text("kismet.alert.text");
            }
        }
    }
}
