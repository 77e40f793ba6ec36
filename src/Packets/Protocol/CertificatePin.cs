using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KismetOrleans.Packets.Protocol;

/// <summary>
/// A public key by which a sensor knows its server, whoever signed the certificate: SHA-256 of SubjectPublicKeyInfo (RFC 7469, 2.4), here in base64url, 43 characters.
/// </summary>
public static class CertificatePin
{
    /// <summary>The pin of a certificate.</summary>
    public static string Of(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    /// <summary>Whether a text is one.</summary>
    public static bool IsPin(string text) => Base64Url.IsValid(text, out int length) && length == SHA256.HashSizeInBytes;
}
