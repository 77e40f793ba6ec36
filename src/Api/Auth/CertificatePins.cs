using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using KismetOrleans.Packets.Protocol;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace KismetOrleans.Api.Auth;

/// <summary>
/// By which public keys sensors are to know this server (<see cref="CertificatePin"/>): that of the certificate with which it answers who asks, and those of the settings, for certificates of a
/// proxy, of other servers, or to come.
/// </summary>
internal sealed class CertificatePins(AuthOptions options)
{
    private static readonly object s_certificate = new();

    /// <summary>Has each connection remember the certificate that it was answered with.</summary>
    public static void Note(KestrelServerOptions kestrel) => kestrel.ConfigureHttpsDefaults(static https =>
        https.OnAuthenticate = static (connection, tls) => connection.Items[s_certificate] = CertificateOf(tls));

    /// <summary>The pins for who asks, his own connection's first; none where he has no TLS or the settings want none.</summary>
    public IReadOnlyList<string> For(HttpContext http)
    {
        if (!options.PinCertificates || !RequestOrigins.IsSecure(http.Request))
        {
            return [];
        }
        IDictionary<object, object?>? connection = http.Features.Get<IConnectionItemsFeature>()?.Items;
        return connection is not null && connection.TryGetValue(s_certificate, out object? shown) && shown is X509Certificate2 certificate
            ? [.. new[] { CertificatePin.Of(certificate) }.Concat(options.Pins).Distinct()]
            : options.Pins;
    }

    private static X509Certificate2? CertificateOf(SslServerAuthenticationOptions tls) => tls.ServerCertificateContext?.TargetCertificate ?? tls.ServerCertificate as X509Certificate2;
}
