using System.Net;
using KismetOrleans.Api.Sensors.RemoteCapture;

namespace KismetOrleans.Api.Sensors.Tzsp;

/// <summary>How access points are taken that mirror what they hear by TZSP (section <c>Tzsp</c>).</summary>
internal sealed record TzspOptions
{
    public const string Section = "Tzsp";

    /// <summary>Where to listen for TZSP, by UDP: 37008, 127.0.0.1:37008 or 0.0.0.0:37008; nowhere without. A port alone is for this machine. Others need Allow.</summary>
    public string? Listen { get; init; }

    /// <summary>Who may send: addresses and networks, as 192.0.2.7 and 192.0.2.0/24. UDP has no login.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Where to listen; null for nowhere.</summary>
    /// <exception cref="ArgumentException">It is no such place, or one that is for everybody.</exception>
    public IPEndPoint? ListenAt()
    {
        IPEndPoint? place = ListenPlace.Of(Section, Listen);
        return place is null || IPAddress.IsLoopback(place.Address) || Allow.Count > 0 ? place
            : throw new ArgumentException($"{Section}:Allow: at {place} anybody could feed this server; the addresses or networks of the senders are needed, as --{Section}:Allow:0 192.0.2.0/24");
    }

    /// <summary>Who may send; this machine alone where nobody is named.</summary>
    /// <exception cref="ArgumentException">One is no address.</exception>
    public IReadOnlyList<IPNetwork> Allowed() => Allow.Count == 0 ? [new(IPAddress.Loopback, 8), new(IPAddress.IPv6Loopback, 128)] : [.. Allow.Select(NetworkOf)];

    private static IPNetwork NetworkOf(string text) =>
        IPNetwork.TryParse(text, out IPNetwork network) ? network
        : IPAddress.TryParse(text, out IPAddress? address) ? new(address, address.GetAddressBytes().Length * 8)
        : throw new ArgumentException($"{Section}:Allow: '{text}' is neither an address nor a network: 192.0.2.7 and 192.0.2.0/24 are");
}
