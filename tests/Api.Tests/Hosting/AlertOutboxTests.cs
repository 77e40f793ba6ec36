using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>An alert that the webhook has not taken when the server stops is sent by the next start, and one that it has taken is not.</summary>
public sealed class AlertOutboxTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-outbox-");
    private readonly Channel<string> _posts = Channel.CreateUnbounded<string>();
    private volatile int _status = StatusCodes.Status200OK;

    [Fact]
    public async Task What_waits_at_a_stop_is_sent_after_the_next_start()
    {
        await using WebApplication receiver = await ReceiverAsync();
        string[] settings =
        [
            "--Storage:Sqlite", Path.Combine(_folder.FullName, "server.db"), "--Alerts:Outlets:Webhook", receiver.Urls.Single() + "/hook", "--Alerts:Outlets:MinSeverity", "15",
        ];
        await using (TestServer server = await TestServer.StartAsync(settings))
        {
            _ = await server.Client.CommandAsync(
                "/alerts/definitions/define_alert.cmd", """{"name":"VISITOR","description":"d","throttle":"10/min","burst":"10/sec","severity":15}""");
            await RaiseAsync(server, "taken");
            Assert.Equal("taken", await NextAsync());
            _status = StatusCodes.Status503ServiceUnavailable;
            await RaiseAsync(server, "refused for now");
            Assert.Equal("refused for now", await NextAsync());
            await RaiseAsync(server, "behind it");
        }
        _status = StatusCodes.Status200OK;
        // Attempts of the server that has stopped.
        while (_posts.Reader.TryRead(out _))
        {
        }
        await using TestServer again = await TestServer.StartAsync(settings);
        Assert.Equal(["refused for now", "behind it"], [await NextAsync(), await NextAsync()]);
        Assert.False(_posts.Reader.TryRead(out _));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return default;
    }

    private static async Task RaiseAsync(TestServer server, string text) =>
        (await server.Client.CommandAsync("/alerts/raise_alert.cmd", $$"""{"name":"VISITOR","text":"{{text}}"}""")).Ok();

    private Task<string> NextAsync() => _posts.Reader.ReadAsync().AsTask().WaitAsync(s_patience);

    private async Task<WebApplication> ReceiverAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication receiver = builder.Build();
        receiver.MapPost("/hook", async http =>
        {
            using JsonDocument json = await JsonDocument.ParseAsync(http.Request.Body);
            // The server's own, as that it runs as root, may come at any time, and must hold up none of these.
            if (json.RootElement.GetProperty("kismet.alert.header").GetString() == "VISITOR")
            {
                _posts.Writer.TryWrite(json.RootElement.GetProperty("kismet.alert.text").GetString()!);
                http.Response.StatusCode = _status;
            }
        });
        await receiver.StartAsync();
        return receiver;
    }
}
