using System.Net;
using System.Net.Sockets;
using System.Text;
using KismetOrleans.Api.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>An answer that breaks is a refusal while it has not begun, and afterwards one whose reader notices.</summary>
public sealed class ClusterFaultsTests
{
    private const string Lines = "{\"a\": 1}\n{\"a\": 2}\n";

    // Released when the reader has seen that the answer has begun.
    private readonly SemaphoreSlim _begun = new(0);

    [Fact]
    public async Task What_does_not_answer_is_refused_and_to_be_asked_again()
    {
        await using WebApplication app = await StartAsync();
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.GetAsync(app.Urls.Single() + "/before");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("1", answer.Headers.RetryAfter?.ToString());
    }

    [Theory]
    [InlineData("/passing")]
    [InlineData("/failing")]
    public async Task Lines_that_break_off_in_the_middle_are_no_shorter_list(string path)
    {
        await using WebApplication app = await StartAsync();
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.GetAsync(app.Urls.Single() + path, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        _begun.Release();
        _ = await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync());

        // Without chunks the end of the connection is the end of the list, unless it is a reset.
        using TcpClient old = new();
        Uri address = new(app.Urls.Single());
        await old.ConnectAsync(address.Host, address.Port);
        await old.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\n\r\n"));
        using StreamReader reader = new(old.GetStream());
        Assert.EndsWith("200 OK", await reader.ReadLineAsync(), StringComparison.Ordinal);
        _begun.Release();
        _ = await Assert.ThrowsAnyAsync<IOException>(() => reader.ReadToEndAsync());
    }

    private async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.UseClusterFaults();
        app.MapGet("/before", (RequestDelegate)(static _ => throw new TimeoutException("too late")));
        app.MapGet("/passing", (RequestDelegate)(http => BreakAsync(http, new TimeoutException("too late"))));
        app.MapGet("/failing", (RequestDelegate)(http => BreakAsync(http, new InvalidOperationException("a fault"))));
        await app.StartAsync();
        return app;
    }

    private async Task BreakAsync(HttpContext http, Exception fault)
    {
        await http.Response.WriteAsync(Lines);
        await http.Response.Body.FlushAsync();
        await _begun.WaitAsync(http.RequestAborted);
        throw fault;
    }
}
