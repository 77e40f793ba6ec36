using System.Net;
using System.Net.Sockets;

namespace KismetOrleans.Engine.Operations;

/// <summary>Callers that are told apart by their address.</summary>
public static class Callers
{
    /// <summary>As what an address counts: a network of IPv6 is one caller, which has more addresses than could be counted (RFC 6177).</summary>
    /// <param name="address">The address; null where there is none, as of a pipe.</param>
    public static IPAddress NetworkOf(IPAddress? address)
    {
        if (address is null)
        {
            return IPAddress.None;
        }
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new(bytes);
    }
}
