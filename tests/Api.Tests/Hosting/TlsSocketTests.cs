using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>Websockets over TLS, as HTTP/1.1 and as HTTP/2 (RFC 8441) carry them: browsers take the latter where they can.</summary>
public sealed class TlsSocketTests
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Both_versions_of_HTTP_carry_them(string version)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ko-tls-");
        try
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new("CN=kismet.test", key, HashAlgorithmName.SHA256);
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            string[] files = [Path.Combine(folder.FullName, "server.crt"), Path.Combine(folder.FullName, "server.key")];
            await File.WriteAllTextAsync(files[0], certificate.ExportCertificatePem());
            await File.WriteAllTextAsync(files[1], key.ExportPkcs8PrivateKeyPem());
            await using TestServer server = await TestServer.StartAsync(
                "--urls", "https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path", files[0], "--Kestrel:Certificates:Default:KeyPath", files[1],
                "--Auth:Reads", "login");
            using SocketsHttpHandler handler = new() { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };
            using HttpMessageInvoker invoker = new(handler);
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
            using ClientWebSocket socket = new();
            socket.Options.HttpVersion = Version.Parse(version);
            socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            await socket.ConnectAsync(new($"wss://{server.Address.Authority}/eventbus/events.ws?user=kismet&password=kismet"), invoker, patience.Token);
            await socket.SendAsync("""{"SUBSCRIBE": "TIMESTAMP","fields": [["kismet.system.timestamp.usec","u"]]}"""u8.ToArray(), WebSocketMessageType.Text, true, patience.Token);
            byte[] buffer = new byte[4096];
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, patience.Token);
            Assert.StartsWith("""{"TIMESTAMP": {"u": """, Encoding.UTF8.GetString(buffer, 0, received.Count), StringComparison.Ordinal);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", patience.Token);
            Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
