using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using KismetOrleans.Api.Tests.Sensors;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Silo.Hosting;
using KismetOrleans.Storage.Tests.Postgres;
using Microsoft.Extensions.Configuration;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>Who has a certificate of the cluster's authority belongs to it, and nobody else reaches what its processes say to one another.</summary>
public sealed class ClusterTlsTests : IDisposable
{
    private const int AccessPoints = 20;
    private const int Beacons = 50;
    private const byte TlsAlert = 0x15;
    private const int TlsAlertBytes = 7;
    private static readonly TimeSpan s_outside = TimeSpan.FromSeconds(12);

    // Well under what Orleans waits for a member's first words.
    private static readonly TimeSpan s_waitsForWords = TimeSpan.FromSeconds(2);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-tls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [OwnPostgresFact]
    public async Task Silos_and_API_servers_with_certificates_work_together_and_no_other_joins()
    {
        Authority ours = new(_folder, "ours");
        Authority theirs = new(_folder, "theirs");
        string member = ours.Issue("member");
        using ClusterOfProcesses cluster = new(Settings(ours, member).ToDictionary(static pair => pair.Key.Replace(":", "__", StringComparison.Ordinal), static pair => pair.Value!));
        await cluster.ApplySchemaAsync();
        (_, string silo1) = cluster.StartSilo("silo 1");
        int[] ports = [ClusterOfProcesses.FreePort(), ClusterOfProcesses.FreePort()];
        (_, string silo2) = cluster.StartSilo("silo 2", null, "--Silo:Port", $"{ports[0]}", "--Silo:GatewayPort", $"{ports[1]}");
        await cluster.ReadyAsync(silo1);
        await cluster.ReadyAsync(silo2);
        string api = $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}";
        _ = cluster.StartApi("api", api);
        await cluster.ReadyAsync(api);

        string stranger = theirs.Issue("stranger");
        string[] outside = ["--Cluster:Tls:Certificate", stranger, "--Cluster:Tls:Authority", theirs.Path];
        string[] plain = ["--Cluster:Tls:Certificate", "", "--Cluster:Tls:Authority", ""];
        string[] urls = [$"http://127.0.0.1:{ClusterOfProcesses.FreePort()}", $"http://127.0.0.1:{ClusterOfProcesses.FreePort()}"];
        ProgramProcess[] outsiders =
        [
            cluster.StartApi("API server of another authority", urls[0], null, outside),
            cluster.StartApi("API server without TLS", urls[1], null, plain),
        ];

        string path = cluster.PathOf("sensor.pcap");
        using (FileStream file = File.Create(path))
        {
            CaptureFiles.WritePcap(file, BeaconFlood.Build(AccessPoints, Beacons));
        }
        await cluster.EndsWellAsync(cluster.StartAgent("sensor", api, $"{path}:name=sensor"));
        Dictionary<string, long> packets = await cluster.PacketsAsync(api);
        Assert.Equal(AccessPoints, packets.Count);
        Assert.All(packets.Values, static count => Assert.Equal(Beacons, count));

        using X509Certificate2 foreign = X509Certificate2.CreateFromPemFile(stranger, stranger);
        foreach (int port in ports)
        {
            // Silence; what is no TLS; what Orleans begins with, the length of a preamble.
            foreach (byte[] words in (byte[][])[[], "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [16, 0, 0, 0, .. new byte[16]]])
            {
                // An alert of TLS at most, which is no content.
                byte[] told = await AskAsync(port, words);
                Assert.True(told.Length == 0 || (told[0] == TlsAlert && told.Length == TlsAlertBytes), $"{port}: {Convert.ToHexString(told)}");
            }
            Assert.True(await IsRefusedAsync(port, null, ClusterOfProcesses.Patience));
            Assert.True(await IsRefusedAsync(port, foreign, ClusterOfProcesses.Patience));
            using X509Certificate2 own = X509Certificate2.CreateFromPemFile(member, member);
            Assert.False(await IsRefusedAsync(port, own, s_waitsForWords));
        }

        await Task.Delay(s_outside);
        foreach ((ProgramProcess outsider, string url) in outsiders.Zip(urls))
        {
            Assert.False(await IsReadyAsync(cluster, url), $"{url} is ready\n{cluster.Said()}");
            Assert.Contains("No silo answers yet", outsider.Said, StringComparison.Ordinal);
            await outsider.KillAsync(CancellationToken.None);
        }
        Assert.Equal(AccessPoints, (await cluster.PacketsAsync(api)).Count);
        cluster.AssertNoFaults();
    }

    [Fact]
    public void What_the_others_would_refuse_is_refused_at_the_start()
    {
        Authority ours = new(_folder, "ours");
        Authority theirs = new(_folder, "theirs");
        string member = ours.Issue("member");
        Assert.NotNull(Of(Settings(ours, member)));
        Assert.Null(Of([]));
        Assert.StartsWith("Cluster:Tls:Authority: is needed, too", Refused([new("Cluster:Tls:Certificate", member)]), StringComparison.Ordinal);
        Assert.StartsWith("Cluster:Tls:Certificate: is needed, too", Refused([new("Cluster:Tls:Authority", ours.Path)]), StringComparison.Ordinal);
        Assert.Contains("is not signed by", Refused(Settings(theirs, member)), StringComparison.Ordinal);
        Assert.Contains("no longer", Refused(Settings(ours, ours.Issue("past", DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(-1)))), StringComparison.Ordinal);
        Assert.StartsWith("Cluster:Tls:Certificate: ", Refused(Settings(ours, System.IO.Path.Combine(_folder.FullName, "nothing.pem"))), StringComparison.Ordinal);
        string empty = System.IO.Path.Combine(_folder.FullName, "empty.pem");
        File.WriteAllText(empty, "");
        Assert.StartsWith("Cluster:Tls:Authority: ", Refused([new("Cluster:Tls:Certificate", member), new("Cluster:Tls:Authority", empty)]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_ends_soon_is_told_at_the_start()
    {
        Authority ours = new(_folder, "ours");
        ClusterTls tls = Of(Settings(ours, ours.Issue("member", DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(13))))!;
        Assert.Contains("Cluster:Tls:Certificate ends", tls.Warning(DateTimeOffset.UtcNow), StringComparison.Ordinal);
        Assert.Null(Of(Settings(ours, ours.Issue("later")))!.Warning(DateTimeOffset.UtcNow));
    }

    // All that a silo says to who connects without TLS, until it hangs up.
    private static async Task<byte[]> AskAsync(int port, byte[] words)
    {
        using CancellationTokenSource timeout = new(ClusterOfProcesses.Patience);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, timeout.Token);
        await client.GetStream().WriteAsync(words, timeout.Token);
        using MemoryStream said = new();
        try
        {
            await client.GetStream().CopyToAsync(said, timeout.Token);
        }
        catch (IOException)
        {
            // Reset.
        }
        return said.ToArray();
    }

    // Whether it hangs up on who says nothing after the handshake, within the time; it waits for words of a member.
    private static async Task<bool> IsRefusedAsync(int port, X509Certificate2? certificate, TimeSpan within)
    {
        using CancellationTokenSource timeout = new(within);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port, timeout.Token);
        await using SslStream tls = new(client.GetStream());
        try
        {
            await tls.AuthenticateAsClientAsync(
                new()
                {
                    TargetHost = "kismetorleans",
                    ClientCertificates = certificate is null ? null : [certificate],
                    RemoteCertificateValidationCallback = static (_, _, _, _) => true,
                },
                timeout.Token);
            return await tls.ReadAsync(new byte[1], timeout.Token) == 0;
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static KeyValuePair<string, string?>[] Settings(Authority authority, string certificate) =>
        [new("Cluster:Tls:Certificate", certificate), new("Cluster:Tls:Authority", authority.Path)];

    private static ClusterTls? Of(IEnumerable<KeyValuePair<string, string?>> settings) => ClusterTls.Of(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

    private static string Refused(IEnumerable<KeyValuePair<string, string?>> settings) => Assert.Throws<ArgumentException>(() => Of(settings)).Message;

    private static async Task<bool> IsReadyAsync(ClusterOfProcesses cluster, string url)
    {
        try
        {
            using HttpResponseMessage answer = await cluster.Http.GetAsync($"{url}/healthz/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It waits for a silo before it listens.
            return false;
        }
    }

    /// <summary>An authority, as cert-manager or openssl would make it.</summary>
    private sealed class Authority
    {
        private readonly DirectoryInfo _folder;
        private readonly X509Certificate2 _certificate;

        public Authority(DirectoryInfo folder, string name)
        {
            _folder = folder;
            CertificateRequest request = new($"CN={name}", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
            _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddYears(1));
            Path = System.IO.Path.Combine(folder.FullName, $"{name}.pem");
            File.WriteAllText(Path, _certificate.ExportCertificatePem());
        }

        /// <summary>Its certificate.</summary>
        public string Path { get; }

        /// <summary>A file with a certificate and its key.</summary>
        public string Issue(string name, DateTimeOffset? from = null, DateTimeOffset? to = null)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
            using X509Certificate2 certificate = request.Create(
                _certificate, from ?? DateTimeOffset.UtcNow.AddDays(-1), to ?? DateTimeOffset.UtcNow.AddDays(100), RandomNumberGenerator.GetBytes(8));
            string path = System.IO.Path.Combine(_folder.FullName, $"{name}.pem");
            File.WriteAllText(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
            return path;
        }
    }
}
