using KismetOrleans.Engine.Channels;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Reports;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Packets;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Hashing;
using KismetOrleans.Wire.Link;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// Takes the packets of one source apart, each once, and hands the observations to the batches of the partitions that own the devices
/// in them. Allocates nothing per packet.
/// </summary>
internal sealed class FrameDissector
{
    /// <summary>Why nothing can be read of a packet.</summary>
    private const Anomalies Failures = Wire.Anomalies.LinkHeaderTruncated | Wire.Anomalies.LinkHeaderMalformed | Wire.Anomalies.LinkTypeUnsupported
        | Wire.Anomalies.FcsBad | Wire.Anomalies.FrameTruncated | Wire.Anomalies.FrameMalformed | Wire.Anomalies.FrameVersionUnknown
        | Wire.Anomalies.BluetoothMalformed | Wire.Anomalies.BluetoothCrcBad;

    private readonly long[] _packetsByPhy = new long[Phy.All.Count];
    private byte[]? _beacon;
    private byte[]? _event;
    private BtleChains? _chains;

    // 40 KB, made with the first management frame: of thousands of sensors that say who they are and send nothing, none has it.
    private DeviceRelations? _relations;
    private NetworksSeen? _networks;
    private readonly CheckSequences _checks = new();

    // Of the batch that is being dissected.
    private GeoPoint? _here;
    private short _hereIndex = -1;

    /// <summary>Packets whose check sequence or header is wrong; they are counted and not tracked.</summary>
    public long ErrorPackets { get; private set; }

    /// <summary>Packets of which nothing could be read.</summary>
    public long Unread { get; private set; }

    /// <summary>Why, once for each of them and its reason.</summary>
    public AnomalyCounts UnreadBecause { get; } = new();

    /// <summary>What was found of the frames' check sequences; empty where all is as told.</summary>
    public string CheckSequences => _checks.Finding;

    /// <summary>Bytes of all packets, link header left out.</summary>
    public long Bytes { get; private set; }

    /// <summary>Use of frequencies since it was taken last.</summary>
    public FrequencyTally Frequencies { get; } = new();

    public ReadOnlySpan<long> PacketsByPhy => _packetsByPhy;

    /// <summary>What was wrong with packets.</summary>
    public AnomalyCounts Anomalies { get; } = new();

    /// <summary>Open packet streams, which get the packets as they are; null where there can be none.</summary>
    public TapSession? Taps { get; set; }

    /// <param name="batches">One batch for each partition, already reset.</param>
    /// <param name="here">Where packets were seen that do not say it themselves; null when unknown. Kept by reference.</param>
    public void Dissect(PacketBatch packets, ReadOnlySpan<ObservationBatch> batches, GeoPoint? here = null)
    {
        Observation o = default;
        _here = here is { HasFix: true } ? here : null;
        _hereIndex = _here is null ? (short)-1 : AddLocation(_here, batches);
        _checks.Study(packets);
        if (Taps?.Begin(new(packets.BootId, packets.Sequence)) is not { } taps)
        {
            for (int i = 0; i < packets.Count; i++)
            {
                DissectPacket(packets, i, ref o, out _, batches);
            }
            return;
        }
        for (int i = 0; i < packets.Count; i++)
        {
            DissectedAs what = DissectPacket(packets, i, ref o, out RadioHeader radio, batches);
            // A report is no packet, and of no use to who wants some.
            if (packets.Packets[i].LinkType is not (LinkType.ScanReport or LinkType.JsonReport))
            {
                taps.Offer(packets.Packets[i], packets.Span(i), what, radio, o.Frame);
            }
        }
        taps.End();
    }

    private DissectedAs DissectPacket(
        PacketBatch packets, int number, ref Observation o, out RadioHeader radio, ReadOnlySpan<ObservationBatch> batches)
    {
        ref readonly CapturedPacket packet = ref packets.Packets[number];
        ReadOnlySpan<byte> bytes = packets.Span(number);
        if (packet.TimeOutOfRange)
        {
            Anomalies.Note(Wire.Anomalies.TimeOutOfRange);
        }
        o.TimeNs = packet.TimeNs;
        if (packet.LinkType == LinkType.ScanReport)
        {
            radio = default;
            return DissectReport(bytes, ref o, batches);
        }
        if (packet.LinkType == LinkType.JsonReport)
        {
            radio = default;
            return DissectJson(bytes, ref o, batches);
        }
        ParseStatus status = LinkHeader.TryParse(packet.LinkType, bytes, packet.OriginalLength, out radio);
        Anomalies.Note(radio.Anomalies);
        if (status != ParseStatus.Ok)
        {
            ErrorPackets++;
            Fail(radio.Anomalies);
            return DissectedAs.Nothing;
        }
        ReadOnlySpan<byte> frame = bytes[radio.HeaderLength..];
        bool cut = packet.Length < packet.OriginalLength;
        _checks.Check(packet, frame, ref radio);
        // The link header's parser has seen to it that the frame has so many bytes.
        frame = frame[..^radio.FcsLength];
        Bytes += frame.Length;
        if (radio.ReportedBadFcs)
        {
            if ((radio.Anomalies & (Wire.Anomalies.FcsBad | Wire.Anomalies.BluetoothCrcBad)) == 0)
            {
                // Else the receiver said so and it is counted with the header.
                Anomalies.Note(Wire.Anomalies.FcsBad);
            }
            ErrorPackets++;
            Fail((radio.Anomalies & Wire.Anomalies.BluetoothCrcBad) != 0 ? Wire.Anomalies.BluetoothCrcBad : Wire.Anomalies.FcsBad);
            return DissectedAs.LinkHeader;
        }
        if (packets.Notes is { } notes)
        {
            Complete(ref radio, notes[number]);
        }
        o.FrequencyKhz = radio.FrequencyKhz;
        o.Signal = radio.Signal;
        o.Noise = radio.Noise;
        o.Rate100Kbps = radio.Rate100Kbps;
        o.Encoding = radio.Encoding;
        o.Carrier = radio.Carrier;
        o.SignalKind = radio.SignalKind;
        o.HasRadio = radio.HeaderLength > 0 || radio.SignalKind != SignalKind.None || radio.FrequencyKhz != 0;
        o.Location = Locate(ref radio, o.TimeNs, batches);
        switch (radio.Inner)
        {
            case LinkType.Ieee80211:
                return DissectDot11(frame, cut, ref o, batches);
            case LinkType.BtleLinkLayer:
                return DissectBtle(frame, ref o, batches);
            case LinkType.BluetoothHciH4:
                _packetsByPhy[Phy.Bluetooth.Id]++;
                return HciDissection.Dissect(frame, cut, ref o, batches, Anomalies);
            case LinkType.BluetoothLinuxMonitor:
                _packetsByPhy[Phy.Bluetooth.Id]++;
                int events = BluetoothMonitor.ToH4(frame, _event ??= new byte[BluetoothMonitor.MostBytes]);
                return events == 0 ? DissectedAs.LinkHeader : HciDissection.Dissect(_event.AsSpan(0, events), cut, ref o, batches, Anomalies);
            case LinkType.Ieee802154NoFcs:
                Frequencies.Count(o, 0);
                _packetsByPhy[Phy.Ieee802154.Id]++;
                return Ieee802154Dissection.Dissect(frame, cut, radio, ref o, batches, Anomalies);
            default:
                Anomalies.Note(Wire.Anomalies.LinkTypeUnsupported);
                ErrorPackets++;
                Fail(Wire.Anomalies.LinkTypeUnsupported);
                return DissectedAs.LinkHeader;
        }
    }

    // What the packet says itself is nearer to the radio.
    private static void Complete(ref RadioHeader radio, in PacketNotes notes)
    {
        if (radio.Fix < 2 && notes.Fix >= 2)
        {
            (radio.Latitude, radio.Longitude, radio.Altitude, radio.Fix) = (notes.Latitude, notes.Longitude, notes.Altitude, notes.Fix);
        }
        radio.FrequencyKhz = radio.FrequencyKhz != 0 ? radio.FrequencyKhz : notes.FrequencyKhz;
        if (radio.SignalKind == SignalKind.None && notes.Signal != 0)
        {
            (radio.SignalKind, radio.Signal) = (SignalKind.Dbm, notes.Signal);
        }
    }

    private DissectedAs DissectReport(ReadOnlySpan<byte> bytes, ref Observation o, ReadOnlySpan<ObservationBatch> batches)
    {
        if (!ScanPackets.TryRead(bytes, out bool isWiFi, out ScanRecord record, out ReadOnlySpan<byte> payload))
        {
            ErrorPackets++;
            Anomalies.Note(Wire.Anomalies.FrameTruncated);
            Fail(Wire.Anomalies.FrameTruncated);
            return DissectedAs.Nothing;
        }
        Phy phy = isWiFi ? Phy.Dot11 : Phy.Bluetooth;
        // The packet's time was held to what times can be.
        record.TimeNs = o.TimeNs;
        record.ToObservation(isWiFi ? ObservationKind.Dot11Scan : ObservationKind.BluetoothScan, 0, out o);
        o.Location = record.HasPlace ? AddLocation(ScanSender.PlaceOf(record), batches) : (short)-1;
        batches[Partitioning.Of(new(phy, record.Address), batches.Length)].Add(o, payload);
        Frequencies.Count(o, 0);
        _packetsByPhy[phy.Id]++;
        return DissectedAs.Nothing;
    }

    private DissectedAs DissectJson(ReadOnlySpan<byte> bytes, ref Observation o, ReadOnlySpan<ObservationBatch> batches)
    {
        Span<ReportFields.Value> room = stackalloc ReportFields.Value[(int)ReportKey.Count];
        if (!JsonReport.TryRead(bytes, room, out ReportFields fields) || !JsonReport.TryIdentify((ReportKind)bytes[0], fields, out Phy phy, out MacAddress address, out uint khz))
        {
            ErrorPackets++;
            Anomalies.Note(Wire.Anomalies.FrameTruncated);
            Fail(Wire.Anomalies.FrameTruncated);
            return DissectedAs.Nothing;
        }
        o = new() { TimeNs = o.TimeNs, Kind = ObservationKind.JsonReport, FrequencyKhz = khz, Location = phy == Phy.Adsb ? (short)-1 : _hereIndex };
        o.Frame.Source = address;
        o.Frame.Kind = FrameKind.Data;
        batches[Partitioning.Of(new(phy, address), batches.Length)].Add(o, bytes);
        Bytes += bytes.Length;
        Frequencies.Count(o, 0);
        _packetsByPhy[phy.Id]++;
        return DissectedAs.Nothing;
    }

    private DissectedAs DissectDot11(ReadOnlySpan<byte> bytes, bool cut, ref Observation o, ReadOnlySpan<ObservationBatch> batches)
    {
        ParseStatus status = Dot11Parser.TryParse(bytes, cut, out o.Frame);
        Anomalies.Note(o.Frame.Anomalies);
        _packetsByPhy[Phy.Dot11.Id]++;
        if (status != ParseStatus.Ok)
        {
            Frequencies.Count(o, 0);
            Fail(o.Frame.Anomalies);
            return DissectedAs.LinkHeader;
        }
        ref readonly Dot11Frame f = ref o.Frame;
        FrameType type = f.Type;
        Frequencies.Count(o, type == FrameType.Data && !f.IsNull ? f.BodyLength : 0);
        if (type is not (FrameType.Management or FrameType.Data))
        {
            return DissectedAs.Dot11;
        }
        o.Kind = ObservationKind.Dot11;
        o.Hash = FrameHash.Compute(bytes);
        // Partitions look into management frames and into what a data frame shows in clear; the rest is counted by its header.
        ReadOnlySpan<byte> kept = type == FrameType.Management || f.Payload != PayloadKind.None ? bytes : [];
        RouteDot11(o, kept, batches);
        if (type == FrameType.Management)
        {
            (_relations ??= new()).Look(bytes, o, batches);
        }
        if (!cut && type == FrameType.Management && MultipleBssid.IsIn(bytes, o.Frame) && (_networks ??= new()).IsDue(o))
        {
            AddNetworks(bytes, o, batches);
        }
        return DissectedAs.Dot11;
    }

    // Networks that the frame tells of, as if each had sent it: no packets of their own, but devices of other partitions.
    private void AddNetworks(ReadOnlySpan<byte> bytes, in Observation sent, ReadOnlySpan<ObservationBatch> batches)
    {
        MultipleBssid networks = new(bytes, sent.Frame);
        while (networks.TryNext(_beacon ??= new byte[MultipleBssid.MostBytes], out int length))
        {
            ReadOnlySpan<byte> beacon = _beacon.AsSpan(0, length);
            Observation o = sent;
            if (Dot11Parser.TryParse(beacon, false, out o.Frame) == ParseStatus.Ok)
            {
                o.Hash = FrameHash.Compute(beacon);
                RouteDot11(o, beacon, batches);
                (_relations ??= new()).Look(beacon, o, batches);
            }
        }
    }

    private static void RouteDot11(in Observation o, ReadOnlySpan<byte> kept, ReadOnlySpan<ObservationBatch> batches)
    {
        if (batches.Length == 1)
        {
            batches[0].Add(o, kept);
        }
        else
        {
            Route(o, kept, batches);
        }
    }

    // Once to each partition that owns one of the frame's addresses.
    private static void Route(in Observation o, ReadOnlySpan<byte> kept, ReadOnlySpan<ObservationBatch> batches)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        int a = Owner(f.Source, batches.Length);
        int b = Owner(f.Bssid, batches.Length);
        int c = Owner(f.Destination, batches.Length);
        if (a >= 0)
        {
            batches[a].Add(o, kept);
        }
        if (b >= 0 && b != a)
        {
            batches[b].Add(o, kept);
        }
        if (c >= 0 && c != a && c != b)
        {
            batches[c].Add(o, kept);
        }
        if (!f.IsWds)
        {
            return;
        }
        int d = Owner(f.Transmitter, batches.Length);
        int e = Owner(f.Receiver, batches.Length);
        if (d >= 0 && d != a && d != b && d != c)
        {
            batches[d].Add(o, kept);
        }
        if (e >= 0 && e != a && e != b && e != c && e != d)
        {
            batches[e].Add(o, kept);
        }
    }

    private static int Owner(MacAddress address, int partitions) =>
        Dot11Tracker.IsStation(address) ? Partitioning.OfDot11(address, partitions) : -1;

    private DissectedAs DissectBtle(ReadOnlySpan<byte> bytes, ref Observation o, ReadOnlySpan<ObservationBatch> batches)
    {
        ParseStatus status = BtleAdvertising.TryParse(bytes, out BtleAdvertisement advertisement);
        Anomalies.Note(advertisement.Anomalies);
        if (status != ParseStatus.Unsupported && advertisement.IsLegacy && o.FrequencyKhz is not (2_402_000 or 2_426_000 or 2_480_000))
        {
            // It was seen on one of three channels; a header that names another did not fill the field.
            o.FrequencyKhz = 0;
        }
        Frequencies.Count(o, 0);
        if ((advertisement.Anomalies & Wire.Anomalies.BluetoothCrcBad) != 0)
        {
            ErrorPackets++;
            Fail(Wire.Anomalies.BluetoothCrcBad);
            return DissectedAs.LinkHeader;
        }
        if (status == ParseStatus.Ok && _chains is { } chains && chains.TryJoin(advertisement, bytes, o, out MacAddress advertiser, out ReadOnlySpan<byte> joined))
        {
            _packetsByPhy[Phy.Btle.Id]++;
            o.Kind = ObservationKind.Btle;
            o.Frame = new() { Source = advertiser, Sequence = BtleChains.JoinedMark };
            o.Hash = FrameHash.Compute(joined);
            PairRouting.Route(Phy.Btle, o, joined, batches);
            return DissectedAs.BtleChained;
        }
        if (status == ParseStatus.Unsupported || !advertisement.IsReliable)
        {
            Fail(advertisement.Anomalies);
            return DissectedAs.LinkHeader;
        }
        _packetsByPhy[Phy.Btle.Id]++;
        if (advertisement.HasMore)
        {
            (_chains ??= new()).Begin(advertisement, bytes, o.TimeNs);
        }
        o.Kind = ObservationKind.Btle;
        // Who asks and who is asked (scan and connection requests) are two devices.
        o.Frame = new() { Source = advertisement.Address, Destination = advertisement.Target };
        o.Hash = FrameHash.Compute(bytes);
        PairRouting.Route(Phy.Btle, o, bytes, batches);
        return DissectedAs.Btle;
    }

    // Once for each packet of which nothing is used; what is sound and of no use here, as extension frames, has no reason.
    private void Fail(Anomalies anomalies)
    {
        anomalies &= Failures;
        if (anomalies != Wire.Anomalies.None)
        {
            Unread++;
            UnreadBecause.Note(anomalies);
        }
    }

    private short Locate(ref RadioHeader radio, long timeNs, ReadOnlySpan<ObservationBatch> batches)
    {
        if (radio.Fix >= 2)
        {
            return AddLocation(
                new()
                {
                    Latitude = radio.Latitude,
                    Longitude = radio.Longitude,
                    Altitude = radio.Altitude,
                    Fix = radio.Fix,
                    TimeNs = timeNs,
                },
                batches);
        }
        if (_here is { } here)
        {
            // Whoever takes the packet as it is learns it too.
            (radio.Latitude, radio.Longitude, radio.Altitude, radio.Fix) = (here.Latitude, here.Longitude, here.Altitude, here.Fix);
        }
        return _hereIndex;
    }

    private static short AddLocation(GeoPoint point, ReadOnlySpan<ObservationBatch> batches)
    {
        foreach (ObservationBatch batch in batches)
        {
            if (batch.Locations.Count == short.MaxValue)
            {
                return -1;
            }
            batch.Locations.Add(point);
        }
        return (short)(batches[0].Locations.Count - 1);
    }
}
