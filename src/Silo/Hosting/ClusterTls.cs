using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace KismetOrleans.Silo.Hosting;

/// <summary>
/// Mutual TLS between silos, and between silos and API servers: who has a certificate of the cluster's own authority belongs to it, under whatever name and address. Without it the
/// ports of a silo trust whoever reaches them.
/// </summary>
/// <param name="Certificate">What this process shows, with its key.</param>
/// <param name="Authorities">Who may have signed the others' certificates.</param>
public sealed record ClusterTls(X509Certificate2 Certificate, X509Certificate2Collection Authorities)
{
    internal const string CertificateKey = "Cluster:Tls:Certificate";
    internal const string KeyKey = "Cluster:Tls:Key";
    internal const string AuthorityKey = "Cluster:Tls:Authority";

    // Sent by who connects; certificates are not looked at for names.
    private const string TargetHost = "kismetorleans";
    private static readonly TimeSpan s_soon = TimeSpan.FromDays(14);

    /// <summary>Reads the settings.</summary>
    /// <returns>Null where none is set.</returns>
    /// <exception cref="ArgumentException">A file is missing, is no certificate, or does not belong to the others.</exception>
    internal static ClusterTls? Of(IConfiguration configuration)
    {
        string? certificate = Value(configuration, CertificateKey);
        string? authority = Value(configuration, AuthorityKey);
        string? key = Value(configuration, KeyKey);
        if ((certificate ?? authority ?? key) is null)
        {
            return null;
        }
        if (certificate is null || authority is null)
        {
            throw new ArgumentException($"{(certificate is null ? CertificateKey : AuthorityKey)}: is needed, too, for TLS in the cluster");
        }
        X509Certificate2 own = Read(CertificateKey, () => X509Certificate2.CreateFromPemFile(certificate, key ?? certificate));
        X509Certificate2Collection authorities = Read(AuthorityKey, () =>
        {
            X509Certificate2Collection all = [];
            all.ImportFromPemFile(authority);
            return all.Count > 0 ? all : throw new CryptographicException($"{authority} holds no certificate");
        });
        ClusterTls tls = new(OperatingSystem.IsWindows() ? WithStoredKey(own) : own, authorities);
        return tls.IsMember(own) ? tls : throw new ArgumentException(
            $"{CertificateKey}: {certificate} is not signed by {authority}, not valid yet or no longer ({own.NotBefore:u} to {own.NotAfter:u}): the others would refuse it");
    }

    /// <summary>What an operator should know at the start; null for nothing.</summary>
    internal string? Warning(DateTimeOffset now) => Certificate.NotAfter - now.LocalDateTime < s_soon
        ? $"the certificate of {CertificateKey} ends {Certificate.NotAfter.ToUniversalTime():u}; this process reads a new one when it starts again" : null;

    /// <summary>Applies it to the connections of a silo or a client.</summary>
    internal void Apply(TlsOptions options)
    {
        options.LocalCertificate = Certificate;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        // By the cluster's authority alone, not by the machine's; by no name, since silos are found by address.
        options.RemoteCertificateValidation = (certificate, _, _) => IsMember(certificate);
        options.OnAuthenticateAsClient = static (_, client) => client.TargetHost = TargetHost;
        options.CheckCertificateRevocation = false;
    }

    private bool IsMember(X509Certificate2 certificate)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // Nothing is fetched from where a certificate says.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(certificate);
    }

    // Windows' TLS takes no key that is in memory alone.
    private static X509Certificate2 WithStoredKey(X509Certificate2 certificate) => X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    private static string? Value(IConfiguration configuration, string key) => configuration[key] is { Length: > 0 } value ? value : null;

    private static T Read<T>(string key, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ArgumentException($"{key}: {e.Message}", e);
        }
    }
}
