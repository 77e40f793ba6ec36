using System.Net;
using KismetOrleans.Api.Auth;

namespace KismetOrleans.Api.Tests.Auth;

/// <summary>Reads need no login only where nobody but this machine can ask.</summary>
public sealed class OpenReadsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:2501", true)]
    [InlineData("https://127.8.8.8:2501", true)]
    [InlineData("http://[::1]:2501", true)]
    [InlineData("http://localhost:2501", true)]
    [InlineData("http://unix:/run/kismet.sock", true)]
    [InlineData("http://[::]:2501", false)]
    [InlineData("http://0.0.0.0:2501", false)]
    [InlineData("http://*:2501", false)]
    [InlineData("http://192.0.2.1:2501", false)]
    [InlineData("http://localhost.example:2501", false)]
    public void Which_addresses_are_this_machines(string address, bool local) => Assert.Equal(local, OpenReads.IsLoopback(address));

    [Theory]
    [InlineData("http://127.0.0.1:0", null, HttpStatusCode.OK)]
    [InlineData("http://127.0.0.1:0", "X-Forwarded-For", HttpStatusCode.Unauthorized)]
    [InlineData("http://127.0.0.1:0", "Forwarded", HttpStatusCode.Unauthorized)]
    [InlineData("http://0.0.0.0:0", null, HttpStatusCode.Unauthorized)]
    public async Task Who_may_come_from_elsewhere_must_log_in(string urls, string? header, HttpStatusCode status)
    {
        await using TestServer server = await TestServer.StartAsync("--urls", urls);
        Uri address = new($"http://127.0.0.1:{server.Address.Port}/system/status.json");
        Assert.Equal(status, await AskAsync(server.Anonymous, address, header));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(server.Client, address, header));
        await using TestServer open = await TestServer.StartAsync("--urls", urls, "--Auth:Reads", "open");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(open.Anonymous, new($"http://127.0.0.1:{open.Address.Port}/system/status.json"), header));
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, Uri address, string? header)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        if (header is not null)
        {
            request.Headers.Add(header, "for=192.0.2.1");
        }
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
