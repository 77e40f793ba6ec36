using System.IO.Hashing;
using KismetOrleans.Engine.Filters;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Ieee802154;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// What a log says of a packet beside its bytes. Made in the log's own thread: a packet is parsed once more there, which takes less than
/// handing this over would take the datasource.
/// </summary>
internal struct PacketDigest
{
    /// <summary>Number of the phy; −1 where nothing is known.</summary>
    public int Phy;

    public MacAddress Source;
    public MacAddress Destination;

    /// <summary>Who transmits for the source; zero where that is the source itself.</summary>
    public MacAddress Transmitter;

    public RadioHeader Radio;

    /// <summary>The frame, where there is an 802.11 one.</summary>
    public Dot11Frame Frame;

    /// <summary>Its check sequence is wrong, or it is damaged.</summary>
    public bool Error;

    public PacketTags Tags;

    /// <summary>CRC-32 of the frame without link header and check sequence; 0 where there is none.</summary>
    public uint Hash;

    /// <summary>Signal in dBm; 0 where none was reported.</summary>
    public readonly int SignalDbm => Radio.SignalKind == SignalKind.Dbm ? Radio.Signal : 0;

    /// <summary>Whether a filter keeps the packet out of logs; it counts that.</summary>
    public readonly bool IsBlocked(FilterGate filters) => filters.BlocksPacket(Phy, Source, Destination, Frame.Bssid, Frame.Transmitter);

    public static void Read(in TappedPacket packet, out PacketDigest digest)
    {
        digest = default;
        digest.Phy = -1;
        ReadOnlySpan<byte> bytes = packet.Bytes;
        ReadOnlySpan<byte> frame = packet.Frame;
        ParseStatus status = LinkHeader.TryParse(packet.LinkType, bytes, packet.OriginalLength, out digest.Radio);
        digest.Hash = frame.IsEmpty ? 0 : Crc32.HashToUInt32(frame);
        digest.Error = status != ParseStatus.Ok || packet.CrcError;
        if (digest.Error)
        {
            return;
        }
        switch (digest.Radio.Inner)
        {
            case LinkType.Ieee80211:
                digest.ReadDot11(frame, bytes.Length < packet.OriginalLength);
                break;
            case LinkType.BtleLinkLayer:
                digest.ReadBtle(frame, packet.Advertiser);
                break;
            case LinkType.BluetoothHciH4:
                digest.ReadHci(frame, bytes.Length < packet.OriginalLength);
                break;
            case LinkType.BluetoothLinuxMonitor:
                Span<byte> hci = stackalloc byte[BluetoothMonitor.MostBytes];
                digest.Phy = Records.Devices.Phy.Bluetooth.Id;
                if (BluetoothMonitor.ToH4(frame, hci) is > 0 and int length)
                {
                    digest.ReadHci(hci[..length], bytes.Length < packet.OriginalLength);
                }
                break;
            case LinkType.Ieee802154NoFcs:
                digest.ReadIeee802154(frame, bytes.Length < packet.OriginalLength);
                break;
        }
    }

    private void ReadDot11(ReadOnlySpan<byte> bytes, bool cut)
    {
        Phy = Records.Devices.Phy.Dot11.Id;
        ParseStatus status = Dot11Parser.TryParse(bytes, cut, out Frame);
        Error = status is ParseStatus.Malformed;
        Source = Frame.Source.IsZero ? Frame.Transmitter : Frame.Source;
        Destination = Frame.Destination.IsZero ? Frame.Receiver : Frame.Destination;
        Transmitter = Frame.Transmitter == Source ? MacAddress.Zero : Frame.Transmitter;
        if (status == ParseStatus.Ok)
        {
            Tags = PacketTagTexts.Of(bytes, Frame);
        }
    }

    private void ReadHci(ReadOnlySpan<byte> bytes, bool cut)
    {
        Phy = Records.Devices.Phy.Bluetooth.Id;
        HciReports reports = new(bytes, cut);
        if (reports.TryRead(out HciReport report))
        {
            Source = report.Address;
            Radio.FrequencyKhz = HciTracker.BandKhz;
            Radio.SignalKind = report.HasRssi ? SignalKind.Dbm : SignalKind.None;
            Radio.Signal = report.Rssi;
        }
        Error = (reports.Anomalies & Anomalies.BluetoothMalformed) != 0;
    }

    private void ReadIeee802154(ReadOnlySpan<byte> bytes, bool cut)
    {
        Phy = Records.Devices.Phy.Ieee802154.Id;
        ParseStatus status = Ieee802154Parser.TryParse(bytes, cut, out Ieee802154Frame f);
        Error = status == ParseStatus.Malformed;
        if (status == ParseStatus.Ok)
        {
            Source = f.Source;
            Destination = f.Destination;
        }
    }

    private void ReadBtle(ReadOnlySpan<byte> bytes, MacAddress advertiser)
    {
        ParseStatus status = BtleAdvertising.TryParse(bytes, out BtleAdvertisement advertisement);
        Error = (advertisement.Anomalies & Anomalies.BluetoothCrcBad) != 0;
        if (Error || (status != ParseStatus.Ok && !advertisement.IsReliable))
        {
            return;
        }
        Phy = Records.Devices.Phy.Btle.Id;
        Source = advertisement.Address.IsZero ? advertiser : advertisement.Address;
        Destination = advertisement.Target;
    }
}
