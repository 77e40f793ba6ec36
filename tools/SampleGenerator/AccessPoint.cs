// IEEE Std 802.11-2020, clauses 9.3.3.2 (beacon) and 9.3.3.10 (probe response).
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator;

/// <summary>How a network hides its name in beacons.</summary>
public enum Cloak
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>An SSID element of length 0.</summary>
    Empty,

    /// <summary>An SSID element of the right length, filled with NUL.</summary>
    Nul,
}

/// <summary>An access point, mesh station or member of an ad-hoc network: whoever sends beacons.</summary>
/// <param name="bssid">Its address.</param>
/// <param name="ssid">Its network's name, any bytes.</param>
/// <param name="radio">How it sounds.</param>
public sealed class AccessPoint(MacAddress bssid, byte[] ssid, Radio radio) : Sender(bssid, radio)
{
    private const ushort Ess = 0x0001, Ibss = 0x0002, Privacy = 0x0010, ShortPreamble = 0x0020, ShortSlot = 0x0400;
    private const ushort SpectrumManagement = 0x0100;

    /// <summary>The network's name.</summary>
    public byte[] Ssid { get; } = ssid;

    /// <summary>What it says about encryption.</summary>
    public Security Security { get; init; } = Security.Open;

    /// <summary>Its physical layer.</summary>
    public Phy Phy { get; init; } = Phy.Ht;

    /// <summary>Its channel's width.</summary>
    public Width Width { get; init; }

    /// <summary>How it hides its name.</summary>
    public Cloak Cloak { get; init; }

    /// <summary>Time between beacons in units of 1,024 µs.</summary>
    public ushort Interval { get; init; } = 100;

    /// <summary>Its WPS element.</summary>
    public WpsElement? Wps { get; init; }

    /// <summary>Elements that stand before the vendor elements: country, load, mesh, names.</summary>
    public byte[][] Standard { get; init; } = [];

    /// <summary>Vendor elements.</summary>
    public byte[][] Vendor { get; init; } = [];

    /// <summary>Whether it is a member of an ad-hoc network (then <see cref="NetworkId"/> is the BSSID).</summary>
    public bool IsAdHoc { get; init; }

    /// <summary>Whether it is a mesh station, which has neither ESS nor IBSS bit (clause 9.4.1.4).</summary>
    public bool IsMesh { get; init; }

    /// <summary>BSSID of an ad-hoc network; its own address otherwise.</summary>
    public MacAddress NetworkId { get; init; } = bssid;

    /// <summary>Capability information (clause 9.4.1.4).</summary>
    public ushort Capabilities => (ushort)((IsAdHoc ? Ibss : IsMesh ? 0 : Ess) | (Security.IsPrivate ? Privacy : 0)
        | (Radio.Channel.Band == Band.Ghz2 ? ShortPreamble | (Phy == Phy.Dsss ? 0 : ShortSlot) : SpectrumManagement));

    /// <summary>A beacon.</summary>
    /// <param name="at">Time since the start, of which the timer follows.</param>
    /// <param name="extra">Further vendor elements, which change from beacon to beacon.</param>
    public byte[] Beacon(TimeSpan at, params byte[][] extra)
    {
        byte[] name = Cloak switch { Cloak.Empty => [], Cloak.Nul => new byte[Ssid.Length], _ => IsMesh ? [] : Ssid };
        return Fixed(FrameKind.Beacon, MacAddress.Broadcast, at)
            .All(ElementList(name, (byte)(2 - at.TotalMicroseconds / 1024 / Interval % 3))).All(extra).ToArray();
    }

    /// <summary>A probe response, which names a hidden network too.</summary>
    public byte[] ProbeResponse(MacAddress station, TimeSpan at) =>
        Fixed(FrameKind.ProbeResponse, station, at).All(ElementList(Ssid, dtimCount: null)).ToArray();

    /// <summary>Elements of an association response (clause 9.3.3.7).</summary>
    public IEnumerable<byte[]> AssociationElements() => [Elements.Rates(Radio.Channel.Band), .. PhyList(), Elements.ExtendedCapabilities(),
        VendorElements.Wmm()];

    private FrameBuilder Fixed(FrameKind kind, MacAddress receiver, TimeSpan at) =>
        FrameBuilder.Management(kind, receiver, Address, NetworkId, NextSequence())
            .U64((ulong)at.TotalMicroseconds + (Address.Value & 0xFFFF) * 1_000_003).U16(Interval).U16(Capabilities);

    private IEnumerable<byte[]> ElementList(byte[] name, byte? dtimCount)
    {
        Channel channel = Radio.Channel;
        yield return Elements.Ssid(name);
        yield return Phy == Phy.Dsss ? Elements.RatesB() : Elements.Rates(channel.Band);
        if (channel.Band == Band.Ghz2)
        {
            yield return Elements.DsParameter(channel.Number);
        }
        if (IsAdHoc)
        {
            yield return Elements.IbssParameter(0);
        }
        else if (dtimCount is { } count)
        {
            yield return Elements.Tim(count, 3);
        }
        foreach (byte[] element in Standard)
        {
            yield return element;
        }
        if (channel.Band == Band.Ghz2 && Phy != Phy.Dsss)
        {
            yield return Elements.Erp();
            yield return Elements.ExtendedRates();
        }
        if (Security.Rsn.Length > 0)
        {
            yield return Security.Rsn;
        }
        foreach (byte[] element in (byte[][])[.. Security.Others, .. PhyList()])
        {
            yield return element;
        }
        if (Phy >= Phy.Ht)
        {
            yield return Elements.ExtendedCapabilities();
        }
        if (Security.Wpa.Length > 0)
        {
            yield return Security.Wpa;
        }
        if (Phy >= Phy.Ht && !IsMesh)
        {
            yield return VendorElements.Wmm();
        }
        if (Wps is not null)
        {
            yield return Wps.ToElement(brief: dtimCount is not null);
        }
        foreach (byte[] element in Vendor)
        {
            yield return element;
        }
    }

    private IEnumerable<byte[]> PhyList()
    {
        Channel channel = Radio.Channel;
        // In the 6 GHz band there is no HT or VHT: HE and its own capabilities say everything.
        bool below6 = channel.Band != Band.Ghz6;
        if (Phy >= Phy.Ht && below6)
        {
            yield return PhyElements.HtCapabilities(Width);
            yield return PhyElements.HtOperation(channel, Width);
        }
        if (Phy >= Phy.Vht && channel.Band == Band.Ghz5)
        {
            yield return PhyElements.VhtCapabilities(Width);
            yield return PhyElements.VhtOperation(channel, Width);
        }
        if (Phy >= Phy.He)
        {
            yield return PhyElements.HeCapabilities(channel.Band, Width);
            yield return PhyElements.HeOperation(channel, Width, (byte)(1 + Address.Value % 63));
            if (!below6)
            {
                yield return PhyElements.He6GhzCapabilities();
            }
        }
        if (Phy >= Phy.Eht)
        {
            yield return PhyElements.EhtOperation(channel, Width);
            yield return PhyElements.EhtCapabilities(channel.Band, Width);
        }
    }
}
