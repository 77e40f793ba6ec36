using KismetOrleans.Api.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;

namespace KismetOrleans.Api.Tests.Auth;

/// <summary>Secrets that come in addresses work, and stand in no log, however much is logged.</summary>
public sealed class SecretsTests
{
    [Theory]
    [InlineData("?KISMET=abc", "?KISMET=redacted")]
    [InlineData("?page=0&kismet=abc&length=5", "?page=0&kismet=redacted&length=5")]
    [InlineData("?user=me&password=a%26b&x", "?user=redacted&password=redacted&x")]
    [InlineData("?%4BISMET=abc", "?%4BISMET=redacted")]
    [InlineData("?secret=", "?secret=redacted")]
    [InlineData("?search=password&users=7", "?search=password&users=7")]
    public void An_address_is_redacted_and_its_secrets_are_kept(string query, string expected)
    {
        DefaultHttpContext http = new();
        IHttpRequestFeature request = http.Features.Get<IHttpRequestFeature>()!;
        (request.QueryString, request.RawTarget) = (query, "/system/status.json" + query);
        IQueryCollection before = new DefaultHttpContext { Request = { QueryString = new(query) } }.Request.Query;
        QuerySecrets.TakeOut(http.Features);
        Assert.Equal((expected, "/system/status.json" + expected), (http.Request.QueryString.Value, request.RawTarget));
        Assert.All(before, pair => Assert.Equal(pair.Value.ToString(), QuerySecrets.Variable(http, pair.Key)));
    }

    [Fact]
    public async Task Nothing_of_them_is_logged_even_where_all_is()
    {
        StringWriter said = new();
        TextWriter console = Console.Out;
        // The console's logger asks for the stream when it is made.
        TextWriter shared = TextWriter.Synchronized(said);
        Console.SetOut(shared);
        try
        {
            await using TestServer server = await TestServer.StartAsync(
                "--Logging:LogLevel:Default=Trace", "--Logging:Console:LogLevel:Microsoft=Trace", "--Logging:Console:LogLevel:Default=Trace",
                "--Auth:Password=a-pass-word", "--Auth:Username=kismet");
            Assert.Equal(401, (int)(await server.Anonymous.AskAsync("/system/status.json?KISMET=a-secret-key&page=7")).Status);
            Assert.Equal(200, (int)(await server.Anonymous.AskAsync("/session/check_session?user=kismet&password=a-pass-word")).Status);
            Assert.Equal(401, (int)(await server.Anonymous.AskAsync("/session/check_session?user=kismet&password=a-wrong-word")).Status);
            string key = (await Keyed(server)).Body;
            Assert.Equal(200, (int)(await server.Anonymous.AskAsync($"/session/check_session?KISMET={key}")).Status);
            await server.App.StopAsync();
            string log;
            // Servers of other tests go on writing. The shared writer's own lock is itself.
            lock (shared)
            {
                log = said.ToString();
            }
            Assert.Contains("page=7", log, StringComparison.Ordinal);
            Assert.Contains("KISMET=redacted", log, StringComparison.Ordinal);
            foreach (string secret in (string[])["a-secret-key", "a-pass-word", "a-wrong-word", key])
            {
                Assert.DoesNotContain(secret, log, StringComparison.Ordinal);
            }
        }
        finally
        {
            Console.SetOut(console);
        }
    }

    [Theory]
    [InlineData("Auth:Password", "Auth:Username", "Auth:Password", null)]
    [InlineData("Auth:Username", "Auth:Password", "Auth:Username", null)]
    [InlineData("Auth:Reads: expected open or login", "Auth:Reads", null, null)]
    [InlineData("Auth:SessionHours: expected hours", "Auth:SessionHours", null, null)]
    [InlineData("Auth:AllowKeyCreation: expected true or false", "Auth:AllowKeyCreation", null, null)]
    [InlineData("Api:AllowCors: expected true or false", "Api:AllowCors", null, null)]
    public void A_setting_that_makes_no_sense_is_named(string message, string name, string? missing, string? value)
    {
        Dictionary<string, string?> settings = new() { [name] = value ?? "sometimes" };
        ArgumentException e = Assert.Throws<ArgumentException>(() => AuthOptions.Of(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
        // Of a user without a password, and of a password without its user, only the name is told.
        Assert.Equal(missing is null, e.Message.Contains("sometimes", StringComparison.Ordinal));
    }

    [Fact]
    public void The_environments_prefix_is_taken()
    {
        AuthOptions options = AuthOptions.Of(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Kismet:Auth:Username"] = "me",
            ["Kismet:Auth:Password"] = "mine",
            ["Auth:SessionHours"] = "0.5",
        }).Build());
        Assert.Equal(("me", "mine"), options.Administrator);
        Assert.Equal(TimeSpan.FromMinutes(30), options.SessionLife);
    }

    private static Task<Answer> Keyed(TestServer server)
    {
        server.Client.DefaultRequestHeaders.Authorization = Requests.Basic("kismet", "a-pass-word");
        return server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name":"a","role":"readonly","duration":0}""");
    }
}
