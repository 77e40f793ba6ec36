using System.Diagnostics.CodeAnalysis;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Joining;

/// <summary>What an administrator gives to whoever puts up a sensor: <c>https://server:2501#TOKEN.PIN…</c>.</summary>
/// <param name="Server">Address of the server: http or https.</param>
/// <param name="Pins">Public keys by which it is known; none for what the system trusts.</param>
internal sealed record JoinAddress(Uri Server, string Token, IReadOnlyList<string> Pins)
{
    /// <summary>Reads one.</summary>
    /// <param name="error">Why it is none; the token is not in it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out JoinAddress? address, [NotNullWhen(false)] out string? error)
    {
        string[] halves = text.Split('#', 2);
        string[] parts = halves.Length > 1 ? halves[1].Trim().Split('.') : [""];
        address = null;
        error = !Uri.TryCreate(halves[0], UriKind.Absolute, out Uri? server) || server.Scheme is not ("http" or "https") || server.Host.Length == 0
                ? "expected an address and a token, as https://server:2501#TOKEN"
            : parts[0].Length == 0 ? "there is no token behind the #; in a shell the whole stands in quotes"
            : !parts.Skip(1).All(CertificatePin.IsPin) ? "what stands behind the token's dot is no pin of a certificate; is it copied whole?"
            : parts.Length > 1 && server.Scheme != "https" ? "the token comes with the pin of a certificate, so the address is one of https"
            : null;
        if (error is not null)
        {
            return false;
        }
        address = new(server!, parts[0], parts[1..]);
        return true;
    }
}
