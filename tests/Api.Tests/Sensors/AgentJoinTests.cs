using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Sensors;

/// <summary>Agents as processes join a real server: over plain HTTP and over TLS that nobody but the token vouches for, and renew what they got.</summary>
public sealed class AgentJoinTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ko-join-").FullName;
    private readonly List<ProgramProcess> _agents = [];
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(2));

    private string KeyFile => Path.Combine(_folder, "spool", "joined.json");

    public void Dispose()
    {
        _agents.ForEach(static agent => agent.Dispose());
        _patience.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_agent_joins_once_and_its_key_is_its_owners_alone()
    {
        await using TestServer server = await TestServer.StartAsync();
        string join = $"{server.Address}#{await TokenAsync(server.Client)}";
        ProgramProcess agent = Agent("--join", join, "--name", "lobby", "-c", $"{Repository.Campus}:name=first");
        Assert.True(await agent.EndAsync(_patience.Token) == 0, agent.Said);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(KeyFile)!));
        }
        Assert.DoesNotContain(join.Split('#')[1], await File.ReadAllTextAsync(KeyFile), StringComparison.Ordinal);
        // The next start needs nothing, and one that has the old token still does not join again.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }
        agent = Agent("-c", $"{Repository.Campus}:name=second");
        Assert.True(await agent.EndAsync(_patience.Token) == 0, agent.Said);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Contains("was open to other accounts", agent.Said, StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
        agent = Agent("--join", join, "-c", $"{Repository.Campus}:name=third,uuid=5FE308BD-0000-0000-0000-0000AABB0003");
        Assert.True(await agent.EndAsync(_patience.Token) == 0, agent.Said);
        Assert.Equal(["lobby"], (await server.Client.AskAsync("/auth/apikey/list.json")).Ok().List.Select(static key => key.Text("kismet.httpd.auth.name")));
        JsonElement[] sources = (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List;
        Assert.Contains("third", sources.Select(static source => source.Text("kismet.datasource.name")));

        // Another token, another key; without a source it only joins.
        agent = Agent("--join", $"{server.Address}#{await TokenAsync(server.Client)}", "--name", "lobby");
        Assert.True(await agent.EndAsync(_patience.Token) == 0, agent.Said);
        Assert.Equal(2, (await server.Client.AskAsync("/auth/apikey/list.json")).Ok().List.Length);
        Assert.Contains("\"lobby-", await File.ReadAllTextAsync(KeyFile), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_token_or_its_address_is_told_and_nothing_is_kept()
    {
        await using TestServer server = await TestServer.StartAsync();
        (string Join, int Code, string Said)[] all =
        [
            ($"{server.Address}#{new string('A', 32)}", 2, "refuses (401): ERROR: no such join token"),
            ($"{server.Address}", 2, "there is no token behind the #"),
            ($"{server.Address}#A.B", 2, "no pin of a certificate"),
            ($"{server.Address}#A.{new string('A', 43)}", 2, "so the address is one of https"),
            ("lobby#A", 2, "expected an address and a token"),
        ];
        foreach ((string join, int code, string said) in all)
        {
            ProgramProcess agent = Agent("--join", join, "-c", Repository.Campus);
            Assert.Equal(code, await agent.EndAsync(_patience.Token));
            Assert.Contains(said, agent.Said, StringComparison.Ordinal);
            Assert.False(File.Exists(KeyFile));
        }
        ProgramProcess none = Agent("-c", Repository.Campus);
        Assert.Equal(2, await none.EndAsync(_patience.Token));
        Assert.Contains("--server: where to send is missing", none.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_signed_is_known_by_its_pin_and_no_other_is()
    {
        await using TestServer server = await TlsServerAsync("one");
        using HttpClient client = ClientOf(server);
        string token = await TokenAsync(client);
        string pin = token.Split('.')[1];
        string wrong = pin[0] == 'A' ? "B" + pin[1..] : "A" + pin[1..];
        string bare = token.Split('.')[0];

        ProgramProcess agent = Agent("--join", $"{server.Address}#{bare}.{wrong}", "-c", Repository.Campus);
        Assert.Equal(2, await agent.EndAsync(_patience.Token));
        Assert.Contains($"none of those that were pinned when this sensor joined: it shows {pin}", agent.Said, StringComparison.Ordinal);
        Assert.False(File.Exists(KeyFile));
        agent = Agent("--join", $"{server.Address}#{token}", "-c", $"{Repository.Campus}:name=lobby");
        Assert.True(await agent.EndAsync(_patience.Token) == 0, agent.Said);
        Assert.Single((await client.AskAsync("/datasource/all_sources.json")).Ok().List);

        // Another server, or somebody in between.
        await using TestServer other = await TlsServerAsync("two");
        agent = Agent("--server", other.Address.ToString(), "-c", $"{Repository.Campus}:name=again,uuid=5FE308BD-0000-0000-0000-0000AABB0002");
        await SaysAsync(agent, "none of those that were pinned");
        using HttpClient others = ClientOf(other);
        Assert.Empty((await others.AskAsync("/datasource/all_sources.json")).Ok().List);
        // In the clear nothing is said at all.
        agent = Agent("--server", "http://127.0.0.1:1", "-c", Repository.Campus);
        Assert.Equal(2, await agent.EndAsync(_patience.Token));
        Assert.Contains("addresses are those of https", agent.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_renewed_before_it_expires_without_a_gap_and_one_that_is_revoked_ends_it_with_a_word()
    {
        // 14 seconds, so that it is renewed after nine, and the link has five to move over.
        await using TestServer server = await TestServer.StartAsync("--Auth:SensorKeyDays", "0.000165");
        ProgramProcess agent = Agent("--join", $"{server.Address}#{await TokenAsync(server.Client)}", "--name", "lobby", "--stay", "-c", $"{Repository.Campus}:name=lobby");
        await SaysAsync(agent, "the key lobby was renewed", 2);
        await SaysAsync(agent, "connected to", 3);
        JsonElement key = (await server.Client.AskAsync("/auth/apikey/list.json")).Ok().List.Single();
        // While there is no key at all, programs of this machine need none.
        (await server.Client.CommandAsync("/auth/apikey/generate.cmd", """{"name":"other","role":"datasource","duration":0}""")).Ok();
        Assert.True(key.Number("kismet.httpd.auth.expiration") > DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        // The link moved over to each new key before the old one was worth nothing.
        Assert.DoesNotContain("(401)", agent.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("connection lost", agent.Said, StringComparison.Ordinal);

        (await server.Client.CommandAsync("/auth/apikey/revoke.cmd", """{"name":"lobby"}""")).Ok();
        await SaysAsync(agent, "it was revoked or has expired; join again");
        Assert.False(agent.HasExited);
        Assert.Equal(0, await agent.StopAsync(_patience.Token));
        Assert.Equal(2, agent.Said.Split("does not admit the key lobby").Length);
    }

    private ProgramProcess Agent(params string[] args)
    {
        ProgramProcess agent = new("KismetOrleans.Capture", _folder, ["--spool", Path.Combine(_folder, "spool"), "--host-id", "host", .. args]);
        _agents.Add(agent);
        return agent;
    }

    private static async Task<string> TokenAsync(HttpClient client) =>
        (await client.CommandAsync("/auth/jointoken/generate.json", """{"duration":600}""")).Ok().Json.Text("kismet.jointoken.token");

    private async Task SaysAsync(ProgramProcess agent, string text, int times = 1)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        try
        {
            while (agent.Said.Split(text).Length <= times)
            {
                _ = await timer.WaitForNextTickAsync(_patience.Token);
            }
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException(agent.Said, e);
        }
    }

    private async Task<TestServer> TlsServerAsync(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=kismet.test", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        (string crt, string pem) = (Path.Combine(_folder, $"{name}.crt"), Path.Combine(_folder, $"{name}.key"));
        await File.WriteAllTextAsync(crt, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(pem, key.ExportPkcs8PrivateKeyPem());
        return await TestServer.StartAsync("--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path", crt, "--Kestrel:Certificates:Default:KeyPath", pem);
    }

    private static HttpClient ClientOf(TestServer server) =>
        new(new SocketsHttpHandler { UseCookies = false, SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } })
        {
            BaseAddress = server.Address,
            DefaultRequestHeaders = { Authorization = Requests.Login },
        };
}
