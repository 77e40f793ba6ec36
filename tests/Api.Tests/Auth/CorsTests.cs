using System.Net;

namespace KismetOrleans.Api.Tests.Auth;

/// <summary>Pages from elsewhere may use the API only where the settings say so.</summary>
public sealed class CorsTests
{
    [Fact]
    public async Task Without_the_setting_there_are_no_headers()
    {
        await using TestServer server = await TestServer.StartAsync();
        (HttpStatusCode status, string? origin, _) = await AskAsync(server, HttpMethod.Get, "/system/status.json", "https://page.example");
        Assert.Equal((HttpStatusCode.OK, null), (status, origin));
        (status, _, _) = await AskAsync(server, HttpMethod.Options, "/system/status.json", "https://page.example");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, status);
    }

    [Theory]
    [InlineData(null, "https://page.example", "https://page.example")]
    [InlineData(null, null, "*")]
    [InlineData("https://mine.example", "https://page.example", "https://mine.example")]
    public async Task With_it_every_answer_has_them(string? allowed, string? origin, string expected)
    {
        await using TestServer server = await TestServer.StartAsync("--Api:AllowCors", "true", "--Api:AllowedOrigin", allowed ?? "");
        foreach ((HttpMethod method, string path, HttpStatusCode status) in new[]
        {
            (HttpMethod.Options, "/auth/apikey/generate.cmd", HttpStatusCode.OK), (HttpMethod.Options, "/no/such", HttpStatusCode.OK),
            (HttpMethod.Get, "/system/status.json", HttpStatusCode.OK), (HttpMethod.Get, "/auth/apikey/list.json", HttpStatusCode.Unauthorized),
            (HttpMethod.Get, "/no/such", HttpStatusCode.NotFound),
        })
        {
            (HttpStatusCode got, string? allow, HttpResponseMessage response) = await AskAsync(server, method, path, origin);
            Assert.Equal((status, expected), (got, allow));
            // What a browser adds by itself is for the page that was named.
            Assert.Equal(allowed is not null, response.Headers.Contains("Access-Control-Allow-Credentials"));
            Assert.Equal("Origin", response.Headers.Vary.Single());
            Assert.Equal("86400", response.Headers.GetValues("Access-Control-Max-Age").Single());
            Assert.Equal("POST, GET, OPTIONS, UPGRADE", string.Join(", ", response.Headers.GetValues("Access-Control-Allow-Methods")));
            Assert.Equal("Content-Type, Authorization", string.Join(", ", response.Headers.GetValues("Access-Control-Allow-Headers")));
        }
    }

    private static async Task<(HttpStatusCode Status, string? Origin, HttpResponseMessage Response)> AskAsync(
        TestServer server, HttpMethod method, string path, string? origin)
    {
        using HttpRequestMessage request = new(method, path);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        HttpResponseMessage response = await server.Anonymous.SendAsync(request);
        return (response.StatusCode, response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? values) ? values.Single() : null, response);
    }
}
