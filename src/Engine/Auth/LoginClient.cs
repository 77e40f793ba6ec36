using System.Net;
using System.Text;

namespace KismetOrleans.Engine.Auth;

/// <summary>Where a login comes from, as far as the server can tell.</summary>
/// <param name="Address">IP address; empty where there is none.</param>
/// <param name="Agent">What the client says it is: anybody's text, without control characters.</param>
public sealed record LoginClient(string Address, string Agent)
{
    /// <summary>Longest <see cref="Agent"/>, in UTF-16 units: browsers say half of that.</summary>
    internal const int MaxAgent = 256;

    /// <summary>Makes one of what a request says.</summary>
    /// <param name="address">Peer's address; one of IPv4 is printed as such, however the socket has it.</param>
    /// <param name="agent">Header <c>User-Agent</c>, of any length; what no text can hold becomes U+FFFD.</param>
    public static LoginClient Of(IPAddress? address, string agent)
    {
        StringBuilder clean = new();
        Span<char> units = stackalloc char[2];
        foreach (Rune rune in agent.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaxAgent)
            {
                break;
            }
            clean.Append(Rune.IsControl(rune) ? " " : units[..rune.EncodeToUtf16(units)]);
        }
        return new((address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.ToString() ?? "", clean.ToString());
    }
}
