using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Detection;

/// <summary>Elements of management frames that drivers have failed over: too long, too many, or with a known attack's bytes.</summary>
internal sealed class ElementDetector(AlertCollector alerts)
{
    // As the alert's inventory has it; eight bytes are in use, later standards may need more.
    private const int MaxExtendedCapabilities = 13;

    // Clause 9.4.2.24 leaves room for 60 suites in an element of 255 bytes.
    private const int AbsurdSuites = 1024;

    // Wi-Fi Direct 1.9, 4.1.14: two bytes and two descriptors of 13 bytes.
    private const int MaxAbsence = 28;

    // WMM 1.2, 2.2.2: parameter element, OUI included.
    private const int MaxWmm = 24;

    // One for each access category.
    private const int MaxTspecs = 4;

    // Where Metasploit's attacks have their bytes.
    private const int NetgearOffset = 1180;
    private const uint BroadcomOui = 0x90E975;

    /// <summary>Looks at elements that were read, with or without success.</summary>
    /// <param name="device">The access point; of requests and of frames outside a network their sender.</param>
    /// <param name="elements">Where slices of it point.</param>
    public void Check(Device device, in Observation o, ObservationBatch batch, in Dot11Elements e, ReadOnlySpan<byte> elements)
    {
        if ((e.Anomalies & (Anomalies.SsidTooLong | Anomalies.DsParameterTooLong | Anomalies.RsnMalformed | Anomalies.ElementMalformed)) != 0)
        {
            Malformed(device, o, batch, e);
        }
        if (HasFormat(e.Ssid.Of(elements)))
        {
            Raise(AlertKind.FormatString, device, o, batch, "an SSID that printing functions take for a command");
        }
        if (HasDlink(e.Rates.Of(elements)) || HasDlink(e.ExtendedRates.Of(elements)))
        {
            Raise(AlertKind.MsfDlinkRate, device, o, batch, "rates with the bytes of an attack on D-Link's drivers");
        }
        if (e.ExtendedCapabilities.Length > MaxExtendedCapabilities)
        {
            Raise(AlertKind.QualcommExtended, device, o, batch, "extended capabilities longer than Qualcomm's drivers have room for");
        }
        if (e.P2pAbsenceLength > MaxAbsence)
        {
            Raise(AlertKind.RealtekP2p, device, o, batch, "a notice of absence longer than rtlwifi has room for");
        }
        switch (o.Frame.Kind)
        {
            case FrameKind.Beacon:
                Beacon(device, o, batch, e);
                break;
            case FrameKind.ProbeResponse when (e.Seen & (ElementsSeen.Ssid | ElementsSeen.MeshId)) == ElementsSeen.Ssid && e.Ssid.IsEmpty:
                Raise(AlertKind.NullProbeResponse, device, o, batch, "a probe response with an SSID of no bytes");
                break;
            case FrameKind.AssociationResponse or FrameKind.ReassociationResponse when e.WmmTspecs > MaxTspecs:
                Raise(AlertKind.WmmTspec, device, o, batch, "an association response with more traffic specifications than there are queues");
                break;
        }
    }

    private void Beacon(Device device, in Observation o, ObservationBatch batch, in Dot11Elements e)
    {
        if (e.WmmLength > MaxWmm)
        {
            Raise(AlertKind.WmmOverflow, device, o, batch, "a WMM element longer than there is room for");
        }
        if (o.Frame.Source.Oui == BroadcomOui)
        {
            Raise(AlertKind.MsfBroadcomSsid, device, o, batch, "a beacon as of Metasploit's attack on Broadcom's drivers");
        }
        ReadOnlySpan<byte> frame = batch.Bytes(o);
        if (frame.Length >= NetgearOffset + 4 && frame[NetgearOffset..].StartsWith((ReadOnlySpan<byte>)[0x6A, 0x39, 0x58, 0x01]))
        {
            Raise(AlertKind.MsfNetgearBeacon, device, o, batch, "a beacon with the bytes of Metasploit's attack on Netgear's drivers");
        }
    }

    private void Malformed(Device device, in Observation o, ObservationBatch batch, in Dot11Elements e)
    {
        if ((e.Anomalies & Anomalies.SsidTooLong) != 0)
        {
            Raise(AlertKind.LongSsid, device, o, batch, "an SSID of more than 32 bytes");
        }
        if ((e.Anomalies & Anomalies.DsParameterTooLong) != 0)
        {
            Raise(AlertKind.BadLengthElement, device, o, batch, "a DS parameter set of more than one byte");
        }
        if ((e.Anomalies & Anomalies.RsnMalformed) != 0 && e.RsnPairwiseCount > AbsurdSuites)
        {
            Raise(AlertKind.RsnLoop, device, o, batch, "an RSN element that claims more ciphers than it can hold");
        }
        if ((e.Anomalies & Anomalies.ElementMalformed) != 0)
        {
            Raise(AlertKind.MalformedManagement, device, o, batch, "elements that contradict their own lengths");
        }
    }

    private void Raise(AlertKind kind, Device device, in Observation o, ObservationBatch batch, string what)
    {
        if (alerts.Wants(kind))
        {
            alerts.Raise(kind, device, o, batch, $"{o.Frame.Source} sends {what}");
        }
    }

    private static bool HasDlink(ReadOnlySpan<byte> rates) => rates.IndexOf((ReadOnlySpan<byte>)[0x75, 0xEB, 0x49]) >= 0;

    private static bool HasFormat(ReadOnlySpan<byte> ssid)
    {
        int at = ssid.IndexOf((byte)'%');
        while (at >= 0 && at + 1 < ssid.Length)
        {
            if (ssid[at + 1] is (byte)'s' or (byte)'n' or (byte)'p' or (byte)'@')
            {
                return true;
            }
            ssid = ssid[(at + 1)..];
            at = ssid.IndexOf((byte)'%');
        }
        return false;
    }
}
