using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Hashing;

namespace KismetOrleans.Engine.Tracking;

/// <summary>Copies what elements say into records.</summary>
internal static class Dot11SsidFields
{
    private const int CountryLetters = 2;

    /// <summary>Fills an announced SSID.</summary>
    public static void Fill(AdvertisedSsid record, in Dot11Elements e, ReadOnlySpan<byte> elements, in Dot11Frame frame)
    {
        bool beacon = frame.Kind == FrameKind.Beacon;
        record.Beacon |= beacon;
        record.ProbeResponse |= !beacon;
        Secure(record, e, frame);
        record.MaxRate = (float)e.MaxRate;
        record.ElementsChecksum = e.Checksum;
        bool band6 = e.Band6Channel != 0;
        record.Channel = band6 ? ChannelNames.OfBand6(e.Band6Channel) : e.S1gChannel != 0 ? ChannelNames.OfS1g(e.S1gChannel)
            : e.HtPrimaryChannel == 0 ? "" : ChannelNames.OfNumber(e.HtPrimaryChannel);
        record.AnnouncedChannel = band6 ? e.Band6Channel : e.S1gChannel != 0 ? e.S1gChannel : (e.Seen & ElementsSeen.DsParameter) != 0 ? e.DsChannel : e.HtPrimaryChannel;
        record.Width = e.Width;
        // Numbers of channels count from 5,000 MHz at 5 GHz, from 5,950 at 6 GHz.
        int zero = band6 ? 5950 : 5000;
        bool wide = e.Width >= ChannelWidth.Ht80;
        record.Center1 = wide ? (ushort)(zero + (5 * e.VhtCenter0)) : (ushort)0;
        record.Center2 = wide ? (ushort)(zero + (5 * e.VhtCenter1)) : (ushort)0;
        record.Wps = WpsOf(e, elements) ?? record.Wps;
        if (!beacon)
        {
            return;
        }
        // 1,024 µs a time unit; rounded up as the API has it.
        record.BeaconRate = frame.Interval == 0 ? 0 : (uint)Math.Ceiling(1_000_000.0 / (frame.Interval * 1024.0));
        record.Mobility = (e.Seen & ElementsSeen.MobilityDomain) != 0;
        record.MobilityDomain = e.MobilityDomain;
        record.Qbss = (e.Seen & ElementsSeen.BssLoad) != 0;
        record.QbssStations = e.BssStations;
        record.QbssUtilization = e.BssUtilization / 255f * 100f;
        record.CcxTxPower = e.CcxTxPower;
        record.TxPower = e.TpcTxPower;
        record.CiscoClientMfp = (e.Seen & ElementsSeen.CiscoClientMfp) != 0;
        // The third byte is where it holds: indoors, outdoors, or which table of operating classes (clause 9.4.2.8).
        record.Country = Same(record.Country, SsidText.PrintableName(e.Country.IsEmpty ? [] : e.Country.Of(elements)[..CountryLetters]).TrimEnd());
        record.CountryChannels = e.CountryTriplets.IsEmpty ? 0 : XxHash32.Compute(e.CountryTriplets.Of(elements));
        record.BeaconInfo = e.AccessPointName.IsEmpty ? record.BeaconInfo : Same(record.BeaconInfo, SsidText.PrintableName(e.AccessPointName.Of(elements)));
        if ((e.Seen & ElementsSeen.OweTransition) != 0)
        {
            record.OweSsid = Same(record.OweSsid, SsidText.Printable(e.OweSsid.Of(elements)));
            record.OweSsidLength = (byte)e.OweSsid.Length;
            record.OweBssid = e.OweBssid;
        }
        if ((e.Seen & (ElementsSeen.MeshId | ElementsSeen.MeshConfiguration)) != 0)
        {
            record.Mesh = new(SsidText.Printable(e.MeshId.Of(elements)), e.MeshGateway, e.MeshForwarding, e.MeshPeerings);
        }
    }

    private static void Secure(AdvertisedSsid record, in Dot11Elements e, in Dot11Frame frame)
    {
        bool wep = frame.IsPrivacy && (e.Crypt & ~CryptBits.Wps) == 0;
        bool isPart = frame.IsCut || e.EndsEarly || (e.Anomalies & (Anomalies.RsnMalformed | Anomalies.WpaMalformed)) != 0;
        // Privacy without RSN or WPA is WEP, unless they may have been cut off. Nor does less of what is known replace it then.
        if (isPart && (wep || (record.CryptText.Length > 0 && (e.Crypt & record.Crypt) == e.Crypt)))
        {
            return;
        }
        record.Crypt = wep ? e.Crypt | CryptBits.Wep : e.Crypt;
        record.CryptSet = CryptText.ToLegacySet(record.Crypt);
        record.CryptText = CryptText.ToText(record.Crypt);
        record.MfpRequired = e.MfpRequired;
        record.MfpSupported = e.MfpCapable;
    }

    /// <summary>Fills what belongs to the device and not to one SSID.</summary>
    public static void Fill(Dot11Device device, in Dot11Elements e, ReadOnlySpan<byte> elements)
    {
        if ((e.Seen & ElementsSeen.PowerCapability) != 0)
        {
            device.MinTxPower = e.MinTxPower;
            device.MaxTxPower = e.MaxTxPower;
        }
        if ((e.Seen & ElementsSeen.RmEnabled) != 0)
        {
            device.LinkMeasurement = e.LinkMeasurement;
            device.NeighborReport = e.NeighborReport;
        }
        if ((e.Seen & ElementsSeen.SupportedChannels) != 0)
        {
            device.SupportedChannels = ChannelsOf(e.SupportedChannels.Of(elements));
        }
        if ((e.Seen & ElementsSeen.ExtendedCapabilities) != 0)
        {
            device.ExtendedCapabilities = CapabilitiesOf(e.ExtendedCapabilities.Of(elements));
        }
    }

    /// <summary>The WPS part, or null.</summary>
    public static WpsInfo? WpsOf(in Dot11Elements e, ReadOnlySpan<byte> elements)
    {
        if ((e.Seen & ElementsSeen.Wps) == 0)
        {
            return null;
        }
        return new(
            e.WpsVersion, e.WpsState, e.WpsConfigMethods, Text(e.WpsDeviceName, elements), Text(e.WpsManufacturer, elements),
            Text(e.WpsModelName, elements), Text(e.WpsModelNumber, elements), Text(e.WpsSerialNumber, elements));
    }

    private static string? Text(Slice slice, ReadOnlySpan<byte> elements) =>
        slice.IsEmpty || SsidText.PrintableName(slice.Of(elements)).Trim() is not { Length: > 0 } text ? null : text;

    private static string Same(string? old, string text) => old == text ? old : text;

    private static byte[] ChannelsOf(ReadOnlySpan<byte> pairs)
    {
        List<byte> channels = [];
        for (int i = 0; i + 1 < pairs.Length; i += 2)
        {
            // Clause 9.4.2.17: first channel and number of channels; those of 5 GHz are four apart.
            int step = pairs[i] <= 14 ? 1 : 4;
            for (int n = 0; n < pairs[i + 1] && pairs[i] + (n * step) <= byte.MaxValue; n++)
            {
                channels.Add((byte)(pairs[i] + (n * step)));
            }
        }
        return [.. channels];
    }

    private static string[] CapabilitiesOf(ReadOnlySpan<byte> bits)
    {
        ReadOnlySpan<string> names = ExtendedCapabilities.Names;
        List<string> set = [];
        for (int i = 0; i < names.Length && i / 8 < bits.Length; i++)
        {
            if ((bits[i / 8] >> (i % 8) & 1) != 0 && names[i].Length > 0)
            {
                set.Add(names[i]);
            }
        }
        return [.. set];
    }
}
