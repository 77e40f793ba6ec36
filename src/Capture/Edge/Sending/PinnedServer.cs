using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>Looks whether a server has one of the public keys that were pinned when this sensor joined; who signed its certificate, and for how long, says nothing then.</summary>
internal sealed class PinnedServer(IReadOnlyList<string> pins)
{
    /// <summary>What is to be told where the server was another one; null where it was not.</summary>
    public string? Fault { get; private set; }

    /// <summary>How TLS is spoken with it; null for the system's way.</summary>
    public static PinnedServer? Of(IReadOnlyList<string>? pins) => pins is { Count: > 0 } ? new(pins) : null;

    /// <summary>Has a handler look.</summary>
    public void Guard(SocketsHttpHandler handler) => handler.SslOptions = new() { RemoteCertificateValidationCallback = Check };

    private bool Check(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        string shown = certificate is X509Certificate2 known ? CertificatePin.Of(known) : "";
        if (pins.Contains(shown, StringComparer.Ordinal))
        {
            return true;
        }
        Fault = $"the server's public key is none of those that were pinned when this sensor joined: it shows {(shown.Length == 0 ? "none" : shown)}";
        return false;
    }
}
