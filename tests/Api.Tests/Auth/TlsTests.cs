using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KismetOrleans.Api.Tests.Auth;

/// <summary>The server speaks TLS with a certificate of its settings, and its cookie stays there.</summary>
public sealed class TlsTests
{
    // Of a certificate to come.
    private static readonly string s_next = new('A', 43);

    [Fact]
    public async Task A_certificate_of_the_settings_serves()
    {
        string folder = Directory.CreateTempSubdirectory("ko-tls-").FullName;
        try
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new("CN=kismet.test", key, HashAlgorithmName.SHA256);
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            await File.WriteAllTextAsync(Path.Combine(folder, "server.crt"), certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem());
            await using TestServer server = await TestServer.StartAsync(
                "--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path", Path.Combine(folder, "server.crt"),
                "--Kestrel:Certificates:Default:KeyPath", Path.Combine(folder, "server.key"), "--Auth:Pins:0", s_next);
            using SocketsHttpHandler handler = new()
            {
                UseCookies = false,
                SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
            };
            using HttpClient client = new(handler) { BaseAddress = server.Address, DefaultRequestHeaders = { Authorization = Requests.Login } };
            Assert.Equal("https", server.Address.Scheme);
            using HttpResponseMessage response = await client.GetAsync("/session/check_login");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.EndsWith("; Secure", response.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);

            // A join token carries what sensors are to know the server by, and so does the key.
            string[] token = (await client.CommandAsync("/auth/jointoken/generate.json", """{"duration":60}""")).Ok().Json.Text("kismet.jointoken.token").Split('.');
            string pin = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
            Assert.Equal([pin, s_next], token[1..]);
            Answer joined = await client.CommandAsync("/auth/join.json", $$"""{"token":"{{token[0]}}","name":"lobby"}""");
            Assert.Equal($"{pin} {s_next}", joined.Ok().Json.Text("kismet.sensorkey.pins"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
