using System.Buffers.Binary;
using KismetOrleans.Engine.Detection;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;
using KismetOrleans.Wire.Hashing;

namespace KismetOrleans.Engine.Tracking;

/// <summary>SSIDs that devices announce, answer with and ask for (inventory: dot11-tracking.md, 5 to 8).</summary>
internal sealed class Dot11Ssids(DeviceSet devices, UavMatcher drones, TrackingOptions options)
{
    // Clause 9.4.2.2, and 9.4.2.98 of a mesh identifier.
    private const int MaxSsidBytes = 32;

    // Devices are hostile: one that invents SSIDs must not fill the memory. Campus devices keep under a few dozen.
    internal const int MaxSsids = 256;

    private const byte HeOperationExtension = 36;
    private const byte S1gOperation = 232;

    private readonly SsidDetector _imitations = new(devices.Alerts);
    private readonly ElementDetector _elements = new(devices.Alerts);
    private readonly AssociationDetector _associations = new(devices.Alerts);
    private readonly CrowdDetector _crowds = new(devices.Alerts);
    private readonly TimerDetector _timers = new(devices.Alerts);
    private readonly FingerprintDetector _fingerprints = new(devices.Alerts, devices.Fingerprints);

    /// <summary>The channel that a management frame names itself, null where it does not.</summary>
    public static string? ChannelOf(in Observation o, ObservationBatch batch)
    {
        if (o.Frame.ElementsOffset == 0)
        {
            return null;
        }
        ReadOnlySpan<byte> elements = ElementsOf(o, batch);
        // The DS parameter set stands near the front (clause 9.3.3), so this walk is short but at 6 GHz, which has HE operation alone.
        while (elements.Length >= 2 && elements.Length >= 2 + elements[1])
        {
            if (elements[0] == 3 && elements[1] == 1)
            {
                return elements[2] != 0 ? ChannelNames.OfNumber(elements[2]) : null;
            }
            if (elements[0] == S1gOperation && elements[1] > 2)
            {
                return ChannelNames.OfS1g(elements[4]);
            }
            if (elements[0] == 255 && elements[1] > 0 && elements[2] == HeOperationExtension && HeOperation.Band6Channel(elements[3..(2 + elements[1])]) is var channel and not 0)
            {
                return ChannelNames.OfBand6(channel);
            }
            elements = elements[(2 + elements[1])..];
        }
        return null;
    }

    /// <summary>Takes a beacon or probe response into its access point.</summary>
    public void Advertise(Device device, in Observation o, ObservationBatch batch)
    {
        Dot11Device dot11 = device.Dot11!;
        bool beacon = o.Frame.Kind == FrameKind.Beacon;
        uint time = o.Seconds;
        if (beacon)
        {
            _timers.Check(device, o, batch);
            dot11.BssTimestamp = o.Frame.Timestamp;
            dot11.LastBeaconTime = time;
            if (o.Frame.ElementsOffset == 0)
            {
                // One of 802.11ah between two full ones.
                return;
            }
        }
        ulong hash = beacon ? dot11.BeaconHash : dot11.ResponseHash;
        ulong content = ContentOf(o.Frame);
        if (hash == content && hash != 0 && LastOf(dot11, beacon) is { } same)
        {
            Touch(dot11, same, beacon, time, o, batch);
            return;
        }
        ReadOnlySpan<byte> elements = ElementsOf(o, batch);
        ParseStatus status = Dot11ElementsParser.TryParse(elements, o.Frame.Kind, o.Frame.IsCut, out Dot11Elements e);
        devices.Anomalies.Note(e.Anomalies);
        _elements.Check(device, o, batch, e, elements);
        if (status != ParseStatus.Ok && (e.Seen & (ElementsSeen.Ssid | ElementsSeen.MeshId)) == 0)
        {
            // What was cut off or spoiled is not what was not sent. Else whatever could be read beside a broken element is used.
            return;
        }
        devices.AddRoles(dot11, beacon ? Dot11TypeSet.BeaconAp : Dot11TypeSet.ProbeAp);
        AdvertisedSsid? record = FindAdvertised(device, ref beacon ? ref dot11.Advertised : ref dot11.Responded, e, elements, time, out bool added);
        if (record is null)
        {
            return;
        }
        if (beacon)
        {
            dot11.BeaconHash = content;
            if (dot11.BeaconFingerprint != e.BeaconFingerprint)
            {
                dot11.BeaconFingerprint = e.BeaconFingerprint;
                _fingerprints.Changed(device, "beacons", static listed => listed.Beacon, e.BeaconFingerprint, o, batch);
            }
        }
        else
        {
            dot11.ResponseHash = content;
            if (dot11.ResponseFingerprint != e.BeaconFingerprint)
            {
                dot11.ResponseFingerprint = e.BeaconFingerprint;
                _fingerprints.Changed(device, "probe responses", static listed => listed.Response, e.BeaconFingerprint, o, batch);
            }
        }
        SsidBefore before = SsidBefore.Of(record);
        Dot11SsidFields.Fill(record, e, elements, o.Frame);
        Dot11SsidFields.Fill(dot11, e, elements);
        if (options.KeepEapol)
        {
            Dot11Announcements.Keep(dot11, record, added || record.Crypt != before.Crypt, o, batch);
        }
        if (added)
        {
            devices.Events.Note(device, beacon ? EventTopics.AdvertisedSsid : EventTopics.ResponseSsid, record.Hash);
            if (!Has(beacon ? dot11.Responded : dot11.Advertised, record.Hash))
            {
                devices.Announce(device, record);
            }
            _imitations.Added(device, record, o, batch);
            _crowds.Added(device, beacon, o, batch);
            _fingerprints.Appeared(device, o, batch);
        }
        else
        {
            _imitations.Changed(device, record, before, o, batch);
        }
        if (added && !record.Cloaked)
        {
            device.Name = record.Ssid;
        }
        else if (added && device.Name.Length == 0)
        {
            // A network that hides its name goes by its address.
            device.Name = device.Id.Address.ToString();
        }
        if (beacon || device.Crypt.Length == 0)
        {
            device.Crypt = record.CryptText;
        }
        Touch(dot11, record, beacon, time, o, batch);
        NameManufacturer(device, e);
        if (!string.IsNullOrEmpty(record.Wps?.Manufacturer))
        {
            device.Manufacturer = record.Wps.Manufacturer;
        }
        drones.Apply(device, record, e, elements, o);
    }

    /// <summary>Takes a probe, association or reassociation request into its sender.</summary>
    public void Ask(Device device, in Observation o, ObservationBatch batch)
    {
        if (o.Frame.Kind is not (FrameKind.ProbeRequest or FrameKind.AssociationRequest or FrameKind.ReassociationRequest) || o.Frame.ElementsOffset == 0)
        {
            return;
        }
        Dot11Device dot11 = device.Dot11!;
        bool probe = o.Frame.Kind == FrameKind.ProbeRequest;
        uint time = o.Seconds;
        if (probe && dot11.ProbeHash == o.Frame.ElementsHash && dot11.LastProbed is { } same)
        {
            same.LastTime = Math.Max(same.LastTime, time);
            AddPlace(ref same.Location, o, batch);
            return;
        }
        ReadOnlySpan<byte> elements = ElementsOf(o, batch);
        ParseStatus status = Dot11ElementsParser.TryParse(elements, o.Frame.Kind, o.Frame.IsCut, out Dot11Elements e);
        devices.Anomalies.Note(e.Anomalies);
        _elements.Check(device, o, batch, e, elements);
        if (!probe && status == ParseStatus.Ok)
        {
            _associations.Check(device, o, batch, e);
        }
        if ((e.Seen & ElementsSeen.Ssid) == 0)
        {
            return;
        }
        ProbedSsid? record = FindProbed(ref dot11.Probed, e.Ssid.Of(elements), time, out bool added);
        if (record is null)
        {
            return;
        }
        if (added)
        {
            devices.Events.Note(device, EventTopics.ProbedSsid, record.Hash);
            _imitations.Asked(device, record.Ssid, o, batch);
            if (probe && record.Ssid.Length > 0)
            {
                devices.Announce(device, null, record.Ssid);
            }
        }
        dot11.ProbeHash = probe ? o.Frame.ElementsHash : 0;
        if (probe && dot11.ProbeFingerprint != e.ProbeFingerprint)
        {
            dot11.ProbeFingerprint = e.ProbeFingerprint;
            _fingerprints.Changed(device, "probe requests", static listed => listed.Probe, e.ProbeFingerprint, o, batch);
        }
        if (!probe)
        {
            record.Bssid = o.Frame.Bssid;
        }
        record.LastTime = Math.Max(record.LastTime, time);
        record.Crypt = e.Crypt & ~CryptBits.Wps;
        record.CryptText = CryptText.ToText(record.Crypt);
        record.MfpRequired = e.MfpRequired;
        record.MfpSupported = e.MfpCapable;
        record.Mobility = (e.Seen & ElementsSeen.MobilityDomain) != 0;
        record.MobilityDomain = e.MobilityDomain;
        record.Wps = Dot11SsidFields.WpsOf(e, elements);
        AddPlace(ref record.Location, o, batch);
        dot11.LastProbed = record;
        Dot11SsidFields.Fill(dot11, e, elements);
        NameManufacturer(device, e);
    }

    // A vendor's element tells what the address does not, as with randomised addresses.
    private void NameManufacturer(Device device, in Dot11Elements e)
    {
        if (device.Manufacturer == "Unknown" && e.ManufacturerOui != 0 && devices.ManufacturerOf(e.ManufacturerOui) is { } manufacturer)
        {
            device.Manufacturer = manufacturer;
        }
    }

    private static ReadOnlySpan<byte> ElementsOf(in Observation o, ObservationBatch batch)
    {
        ReadOnlySpan<byte> frame = batch.Bytes(o);
        return o.Frame.ElementsOffset == 0 || frame.Length <= o.Frame.ElementsOffset ? [] : frame[o.Frame.ElementsOffset..];
    }

    private static void Touch(Dot11Device dot11, AdvertisedSsid record, bool beacon, uint time, in Observation o, ObservationBatch batch)
    {
        if (beacon)
        {
            record.BeaconsSecond = time == record.LastTime ? record.BeaconsSecond + 1 : 1;
            if (dot11.BeaconPacket is null && (dot11.Handshakes is not null || dot11.PmkidPacket is not null))
            {
                dot11.BeaconPacket = new(o.TimeNs, (uint)LinkType.Ieee80211, batch.Bytes(o).ToArray());
            }
        }
        record.LastTime = Math.Max(record.LastTime, time);
        dot11.LastBeaconed = record;
        AddPlace(ref record.Location, o, batch);
    }

    private static void AddPlace(ref Location? location, in Observation o, ObservationBatch batch)
    {
        if (o.Location >= 0)
        {
            (location ??= new()).Add(batch.Locations[o.Location]);
        }
    }

    // The SSID of the newest frame of a kind: the only one, or the newest of both kinds if it is of this one. Times do not tell: an access
    // point with several SSIDs sends all of them within a second.
    private static AdvertisedSsid? LastOf(Dot11Device dot11, bool beacon) =>
        (beacon ? dot11.Advertised : dot11.Responded) is { Length: 1 } map ? map[0]
        : dot11.LastBeaconed is { } last && (beacon ? last.Beacon : last.ProbeResponse) ? last
        : null;

    private static AdvertisedSsid? FindAdvertised(Device device, ref AdvertisedSsid[]? map, in Dot11Elements e, ReadOnlySpan<byte> elements, uint time, out bool added)
    {
        // A mesh has an empty SSID and a name of its own (clause 14.2.2).
        ReadOnlySpan<byte> ssid = (e.Ssid.IsEmpty && e.MeshId.Length <= MaxSsidBytes ? e.MeshId : e.Ssid).Of(elements);
        // No SSID element at all is not the same as an empty one.
        uint hash = ssid.IsEmpty && (e.Seen & ElementsSeen.Ssid) == 0 ? 0 : HashOf(ssid);
        added = false;
        foreach (AdvertisedSsid record in map ?? [])
        {
            if (record.Hash == hash)
            {
                return record;
            }
        }
        if (map?.Length >= MaxSsids)
        {
            return null;
        }
        bool cloaked = SsidText.IsCloaked(ssid);
        AdvertisedSsid created = new()
        {
            Ssid = cloaked ? "" : TextOf(device, ssid),
            Length = (byte)ssid.Length,
            Hash = hash,
            Cloaked = cloaked,
            FirstTime = time,
        };
        map = [.. map ?? [], created];
        added = true;
        return created;
    }

    private static bool Has(AdvertisedSsid[]? map, uint hash) => Array.Exists(map ?? [], record => record.Hash == hash);

    // A device's answers carry the name that its beacons have; one string serves both.
    private static string TextOf(Device device, ReadOnlySpan<byte> ssid)
    {
        string text = SsidText.Printable(ssid);
        return text == device.Name ? device.Name : text;
    }

    private static ProbedSsid? FindProbed(ref ProbedSsid[]? map, ReadOnlySpan<byte> ssid, uint time, out bool added)
    {
        added = false;
        uint hash = HashOf(ssid);
        foreach (ProbedSsid record in map ?? [])
        {
            if (record.Hash == hash)
            {
                return record;
            }
        }
        if (map?.Length >= MaxSsids)
        {
            return null;
        }
        ProbedSsid created = new()
        {
            Ssid = SsidText.IsCloaked(ssid) ? "" : SsidText.Printable(ssid),
            Length = (byte)ssid.Length,
            Hash = hash,
            FirstTime = time,
        };
        map = [.. map ?? [], created];
        added = true;
        return created;
    }

    /// <summary>Takes the name of a network that hides it out of a client's request to join.</summary>
    public static void Reveal(Device ap, in Observation o, ObservationBatch batch)
    {
        if (o.Frame.Kind is not (FrameKind.AssociationRequest or FrameKind.ReassociationRequest) || o.Frame.Destination != o.Frame.Bssid)
        {
            return;
        }
        AdvertisedSsid? hidden = null;
        foreach (AdvertisedSsid record in ap.Dot11!.Advertised ?? [])
        {
            if (!record.Cloaked || record.Ssid.Length > 0 || hidden is not null)
            {
                // It has a name, or more than one network.
                return;
            }
            hidden = record;
        }
        ReadOnlySpan<byte> elements = ElementsOf(o, batch);
        _ = Dot11ElementsParser.TryParse(elements, o.Frame.Kind, o.Frame.IsCut, out Dot11Elements e);
        ReadOnlySpan<byte> ssid = e.Ssid.Of(elements);
        // Of the name that a beacon hides it may show the length.
        if (hidden is null || SsidText.IsCloaked(ssid) || (hidden.Length > 0 && hidden.Length != ssid.Length))
        {
            return;
        }
        hidden.Ssid = TextOf(ap, ssid);
        ap.Name = hidden.Ssid;
    }

    /// <summary>Looks at the elements of an answer to a client that associates.</summary>
    public void Answer(Device device, in Observation o, ObservationBatch batch)
    {
        ReadOnlySpan<byte> elements = ElementsOf(o, batch);
        _ = Dot11ElementsParser.TryParse(elements, o.Frame.Kind, o.Frame.IsCut, out Dot11Elements e);
        devices.Anomalies.Note(e.Anomalies);
        _elements.Check(device, o, batch, e, elements);
    }

    /// <summary>Counts an authentication with an access point.</summary>
    public void Authenticate(Device ap, in Observation o, ObservationBatch batch) => _crowds.Authenticated(ap, o, batch);

    // Interval and capabilities (privacy) stand before the elements and tell as much: a beacon is unchanged if they are.
    private static ulong ContentOf(in Dot11Frame f) =>
        f.ElementsHash == 0 ? 0 : f.ElementsHash ^ ((((ulong)f.Interval << 16) | f.Capabilities) * 0x9E37_79B9_7F4A_7C15);

    /// <summary>The API's hash of an SSID of at most 255 bytes.</summary>
    // Over the bytes and their number; of a hidden SSID only the number counts, as in Kismet.
    internal static uint HashOf(ReadOnlySpan<byte> ssid)
    {
        Span<byte> input = stackalloc byte[byte.MaxValue + sizeof(uint)];
        ReadOnlySpan<byte> shown = SsidText.IsCloaked(ssid) ? [] : ssid;
        shown.CopyTo(input);
        BinaryPrimitives.WriteUInt32LittleEndian(input[shown.Length..], (uint)ssid.Length);
        return XxHash32.Compute(input[..(shown.Length + 4)]);
    }
}
