using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace KismetOrleans.Api.Tests.Operations;

/// <summary>Takes what OpenTelemetry exports, over either protocol. Names stand in protobuf as they are, so bytes suffice.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string Bytes)> _received = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly WebApplication _app;

    private Collector(HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    /// <summary>Where it listens.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>Paths that something came to.</summary>
    public IEnumerable<string> Paths => _received.Select(static r => r.Path).Distinct();

    /// <summary>A collector that listens.</summary>
    /// <param name="grpc">Whether it speaks gRPC's transport (HTTP/2 without TLS) or HTTP/1.1.</param>
    public static async Task<Collector> StartAsync(bool grpc)
    {
        Collector collector = new(grpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Waits until all of these were received, in any number of messages.</summary>
    public async Task WaitForAsync(params string[] texts)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        string[] missing = Missing(texts);
        while (missing.Length > 0)
        {
            try
            {
                await _arrived.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not received: {string.Join(", ", missing)}");
            }
            missing = Missing(missing);
        }
    }

    /// <summary>Whether a text was received.</summary>
    public bool Has(string text) => _received.Any(r => r.Bytes.Contains(text, StringComparison.Ordinal));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private string[] Missing(string[] texts) => [.. texts.Where(text => !Has(text))];

    private async Task TakeAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        _received.Enqueue((http.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
        bool grpc = http.Request.ContentType!.StartsWith("application/grpc", StringComparison.Ordinal);
        http.Response.ContentType = http.Request.ContentType;
        if (grpc)
        {
            // An empty message, and the status that says it went well.
            await http.Response.Body.WriteAsync(new byte[5]);
            http.Response.AppendTrailer("grpc-status", "0");
        }
        _arrived.Release();
    }
}
