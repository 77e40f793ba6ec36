// IEEE Std 802.11-2020, clauses 9.3.3.5–9.3.3.9 ((re)association), 9.3.3.9 (probe request), 9.3.3.11
// (authentication), 9.3.3.12 (deauthentication).
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator;

/// <summary>A client: a telephone, a laptop, a thing.</summary>
/// <param name="address">Its address.</param>
/// <param name="radio">How it sounds.</param>
public sealed class Station(MacAddress address, Radio radio) : Sender(address, radio)
{
    private const ushort Capabilities = 0x0431;

    /// <summary>Vendor elements of its probe requests, by which such devices differ.</summary>
    public byte[][] Vendor { get; init; } = [];

    /// <summary>Whether it does 802.11n and later.</summary>
    public bool IsHt { get; init; } = true;

    /// <summary>A probe request; an empty name asks every network.</summary>
    public byte[] ProbeRequest(ReadOnlySpan<byte> ssid)
    {
        Band band = Radio.Channel.Band;
        FrameBuilder frame = FrameBuilder.Management(FrameKind.ProbeRequest, MacAddress.Broadcast, Address, MacAddress.Broadcast,
            NextSequence())
            .Raw(Elements.Ssid(ssid)).Raw(Elements.Rates(band));
        if (band == Band.Ghz2)
        {
            frame.Raw(Elements.ExtendedRates()).Raw(Elements.DsParameter(Radio.Channel.Number));
        }
        return IsHt
            ? frame.Raw(PhyElements.HtCapabilities(Width.Mhz20)).Raw(Elements.ExtendedCapabilities()).All(Vendor).ToArray()
            : frame.All(Vendor).ToArray();
    }

    /// <summary>An authentication frame to an access point.</summary>
    /// <param name="bssid">The access point.</param>
    /// <param name="algorithm">0 open, 1 shared key, 2 fast transition, 3 SAE.</param>
    /// <param name="transaction">1 for the first.</param>
    /// <param name="body">What follows the status code.</param>
    public byte[] Authentication(MacAddress bssid, ushort algorithm, ushort transaction, ReadOnlySpan<byte> body = default) =>
        FrameBuilder.Management(FrameKind.Authentication, bssid, Address, bssid, NextSequence()).U16(algorithm).U16(transaction).U16(0)
            .Raw(body).ToArray();

    /// <summary>An association request.</summary>
    /// <param name="network">The access point.</param>
    /// <param name="rsn">The RSN or WPA element that the station chooses; empty for none.</param>
    /// <param name="others">Further elements.</param>
    public byte[] AssociationRequest(AccessPoint network, ReadOnlySpan<byte> rsn, params byte[][] others) =>
        FrameBuilder.Management(FrameKind.AssociationRequest, network.Address, Address, network.Address, NextSequence())
            .U16(Requested(network)).U16(10).All(RequestElements(network)).Raw(rsn).All(others).Raw(VendorElements.WmmInformation())
            .ToArray();

    /// <summary>A reassociation request, which names the access point that the station comes from.</summary>
    public byte[] ReassociationRequest(AccessPoint network, MacAddress current, ReadOnlySpan<byte> rsn, params byte[][] others) =>
        FrameBuilder.Management(FrameKind.ReassociationRequest, network.Address, Address, network.Address, NextSequence())
            .U16(Requested(network)).U16(10).Address(current).All(RequestElements(network)).Raw(rsn).All(others)
            .Raw(VendorElements.WmmInformation()).ToArray();

    private static ushort Requested(AccessPoint network) => (ushort)(Capabilities & ~0x0010 | (network.Security.IsPrivate ? 0x0010 : 0));

    private IEnumerable<byte[]> RequestElements(AccessPoint network)
    {
        yield return Elements.Ssid(network.Ssid);
        yield return Elements.Rates(Radio.Channel.Band);
        if (Radio.Channel.Band == Band.Ghz2)
        {
            yield return Elements.ExtendedRates();
        }
        yield return Elements.PowerCapability(-7, 20);
        yield return Radio.Channel.Band == Band.Ghz2 ? Elements.SupportedChannels(1, 13) : Elements.SupportedChannels(36, 4, 52, 4, 100,
            11, 149, 5);
        if (IsHt)
        {
            yield return PhyElements.HtCapabilities(Width.Mhz20);
        }
    }
}
