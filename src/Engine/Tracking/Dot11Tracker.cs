using KismetOrleans.Engine.Detection;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Tracking;

/// <summary>
/// What Wi-Fi frames say about the devices of a partition: which devices take part, in which role, and of which kind they are
/// (inventory: dot11-tracking.md, 3 and 4). SSIDs, handshakes, network addresses and drones have classes of their own.
/// </summary>
internal sealed class Dot11Tracker
{
    // Deauthentications further apart than this are not one burst.
    private const uint DisconnectGapSeconds = 1;
    private const uint DisconnectLimit = 10;

    // Third messages of WPS further apart than this are not one attempt.
    private const uint WpsWindowSeconds = 300;
    private readonly DeviceSet _devices;
    private readonly DeviceUpdater _updater;
    private readonly Dot11Ssids _ssids;
    private readonly UavMatcher _drones;
    private readonly Dot11Handshakes _handshakes;
    private readonly DisconnectDetector _disconnects;
    private readonly FrameDetector _frames;
    private readonly HandshakeDetector _keys;
    private readonly DataDetector _data;
    private readonly NetworkDetector _network;
    private readonly TrackingOptions _options;

    /// <summary>A tracker over a partition's devices.</summary>
    public Dot11Tracker(DeviceSet devices, DeviceUpdater updater, TrackingOptions options, UavMatcher drones)
    {
        _devices = devices;
        _updater = updater;
        _ssids = new(devices, drones, options);
        _options = options;
        _drones = drones;
        _handshakes = new(options);
        _disconnects = new(devices.Alerts);
        _frames = new(devices.Alerts);
        _keys = new(devices.Alerts);
        _data = new(devices.Alerts);
        _network = new(devices.Alerts);
    }

    /// <summary>Applies an observation to those of its devices that this partition owns.</summary>
    public void Apply(in Observation o, ObservationBatch batch, Hearing hearing)
    {
        if (o.Frame.Type == FrameType.Management)
        {
            ApplyManagement(o, batch, hearing);
        }
        else if (o.Frame.Type == FrameType.Data)
        {
            if (o.Frame.IsWds)
            {
                ApplyWds(o, batch, hearing);
            }
            else
            {
                ApplyData(o, batch, hearing);
            }
        }
    }

    /// <summary>Whether an address can be a device: one station's, and set.</summary>
    public static bool IsStation(MacAddress address) => !address.IsZero && !address.IsGroup;

    private void ApplyManagement(in Observation o, ObservationBatch batch, Hearing hearing)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        bool beacon = f.Kind is FrameKind.Beacon or FrameKind.ProbeResponse;
        bool bssIsStation = IsStation(f.Bssid);
        if (bssIsStation && Take(f.Bssid, create: true) is { } ap)
        {
            _updater.Update(ap, o, batch, f.Source == f.Bssid ? Role.Sender | Role.OnAir : Role.Seen, hearing);
            Dot11Device dot11 = ap.Dot11!;
            dot11.LastBssid = f.Bssid;
            SetChannel(ap, o, beacon && f.Source == f.Bssid ? Dot11Ssids.ChannelOf(o, batch) : null);
            if (beacon && hearing == Hearing.First)
            {
                _frames.Beacon(ap, o, batch);
            }
            if (beacon && f.IsIbss)
            {
                Classify(ap, "Wi-Fi Ad-Hoc", BasicType.Peer);
                _devices.AddRoles(dot11, Dot11TypeSet.Adhoc);
            }
            else
            {
                Classify(ap, "Wi-Fi AP", BasicType.AccessPoint);
            }
            if (hearing == Hearing.First)
            {
                if (beacon)
                {
                    _ssids.Advertise(ap, o, batch);
                }
                else
                {
                    Watch(ap, o, batch);
                    Dot11Ssids.Reveal(ap, o, batch);
                    if (f.Source == f.Bssid)
                    {
                        Act(ap, o, batch);
                    }
                    if (_options.KeepEapol)
                    {
                        Dot11Announcements.Joined(dot11, o, batch);
                    }
                }
                _frames.Signal(ap, o, batch);
            }
            Associate(ap, f);
        }
        if (f.Source != f.Bssid && IsStation(f.Source) && Take(f.Source, create: true) is { } sender)
        {
            // Only a probe request tells about the sender's own radio for sure; other frames can be an access point's for someone else.
            Role role = f.Kind == FrameKind.ProbeRequest ? Role.Sender | Role.OnAir : Role.Sender;
            _updater.Update(sender, o, batch, role, hearing);
            ApplyClient(sender, o, batch, bssIsStation);
            SetChannel(sender, o, null);
            if (hearing == Hearing.First && !beacon)
            {
                _ssids.Ask(sender, o, batch);
                Act(sender, o, batch);
                if (!bssIsStation)
                {
                    Watch(sender, o, batch);
                    _frames.Signal(sender, o, batch);
                }
            }
        }
        if (f.Destination != f.Bssid && f.Destination != f.Source && IsStation(f.Destination) && Take(f.Destination, create: true) is { } receiver)
        {
            _updater.Update(receiver, o, batch, Role.Receiver, hearing);
            ApplyClient(receiver, o, batch, bssIsStation);
        }
    }

    private void Act(Device device, in Observation o, ObservationBatch batch)
    {
        if (o.Frame.Kind is FrameKind.Action or FrameKind.ActionNoAck && !o.Frame.IsProtected)
        {
            _drones.ApplyAction(device, batch.Bytes(o), o);
        }
    }

    // Once for each frame: by the owner of its network, or of its sender where it belongs to none.
    private void Watch(Device device, in Observation o, ObservationBatch batch)
    {
        switch (o.Frame.Kind)
        {
            case FrameKind.Deauthentication or FrameKind.Disassociation:
                _disconnects.Check(device, o, batch, CountDisconnect(device.Dot11!, o.Seconds));
                break;
            case FrameKind.AssociationResponse or FrameKind.ReassociationResponse:
                _ssids.Answer(device, o, batch);
                break;
            case FrameKind.Authentication when o.Frame.Destination == o.Frame.Bssid:
                _ssids.Authenticate(device, o, batch);
                break;
            case FrameKind.Action or FrameKind.ActionNoAck:
                _frames.Action(device, o, batch);
                break;
        }
    }

    private static void ApplyClient(Device device, in Observation o, ObservationBatch batch, bool bssIsStation)
    {
        ClassifyUnless(device, "Wi-Fi Client", BasicType.Client, BasicType.Client | BasicType.AccessPoint);
        if (!o.Frame.Bssid.IsZero || o.Frame.Source == device.Id.Address)
        {
            // A broadcast BSSID is none: the device was seen outside any network.
            device.Dot11!.LastBssid = bssIsStation ? o.Frame.Bssid : default(MacAddress);
        }
        if (bssIsStation && o.Frame.Kind != FrameKind.ProbeResponse)
        {
            FindClient(device, o.Frame.Bssid, o, batch);
        }
        if (o.Frame.Kind is FrameKind.Deauthentication or FrameKind.Disassociation)
        {
            DataDetector.Disconnected(device, o);
        }
    }

    private void ApplyData(in Observation o, ObservationBatch batch, Hearing hearing)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        // A frame without payload, as of a phone that goes to sleep, shows who sent it. Whom it names besides need not be there.
        bool create = !f.IsNull;
        bool adhoc = !f.IsToDs && !f.IsFromDs;
        bool bssIsStation = IsStation(f.Bssid);
        if (bssIsStation && Take(f.Bssid, create || f.Bssid == f.Transmitter) is { } ap)
        {
            _updater.Update(ap, o, batch, f.Source == f.Bssid ? Role.Sender | Role.OnAir : Role.Seen, hearing);
            ap.Dot11!.LastBssid = f.Bssid;
            SetChannel(ap, o, null);
            if (adhoc)
            {
                Classify(ap, "Wi-Fi Ad-Hoc", BasicType.Peer);
                _devices.AddRoles(ap.Dot11, Dot11TypeSet.Adhoc);
            }
            else
            {
                Classify(ap, "Wi-Fi AP", BasicType.AccessPoint);
            }
            if (hearing == Hearing.First)
            {
                if (f.Source == f.Bssid)
                {
                    CountWps(ap, o, batch);
                }
                CountData(ap.Dot11, f);
                if (f.Payload == PayloadKind.EapolKey)
                {
                    _keys.Check(ap, o, batch);
                    if (_handshakes.Keep(ap, o, batch))
                    {
                        _devices.Events.Note(ap, EventTopics.WpaHandshake);
                    }
                }
                _data.Check(ap, o, batch);
                _frames.Signal(ap, o, batch);
            }
            if (create)
            {
                Associate(ap, f);
            }
        }
        if (f.Source != f.Bssid && IsStation(f.Source) && Take(f.Source, create || f.Source == f.Transmitter) is { } sender)
        {
            _updater.Update(sender, o, batch, f.IsFromDs ? Role.Sender : Role.Sender | Role.OnAir, hearing);
            if (f.IsFromDs)
            {
                ClassifyUnless(sender, "Wi-Fi Bridged", BasicType.Wired, BasicType.Client | BasicType.AccessPoint);
            }
            else
            {
                SetChannel(sender, o, null);
                if (adhoc)
                {
                    Classify(sender, "Wi-Fi Ad-Hoc", BasicType.Peer);
                }
                else
                {
                    ClassifyUnless(sender, "Wi-Fi Client", BasicType.Client, BasicType.Client | BasicType.AccessPoint);
                }
            }
            ApplyDataClient(sender, o, batch, hearing, bssIsStation);
        }
        if (f.Destination != f.Source && f.Destination != f.Bssid && IsStation(f.Destination) && Take(f.Destination, create) is { } receiver)
        {
            _updater.Update(receiver, o, batch, Role.Receiver, hearing);
            if (adhoc)
            {
                Classify(receiver, "Wi-Fi Ad-Hoc", BasicType.Peer);
            }
            else if (receiver.Type.Length == 0)
            {
                // Who only receives cannot be told from a wired host yet.
                receiver.Type = "Wi-Fi Device (Inferred)";
            }
            ApplyDataClient(receiver, o, batch, hearing, bssIsStation);
            if (hearing == Hearing.First && f.Payload == PayloadKind.EapolKey)
            {
                if (Dot11Handshakes.KeepNonce(receiver.Dot11!, o, batch))
                {
                    _keys.Reused(receiver, o, batch);
                }
            }
        }
    }

    private void ApplyDataClient(Device device, in Observation o, ObservationBatch batch, Hearing hearing, bool bssIsStation)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        device.Dot11!.LastBssid = f.Bssid;
        if (hearing == Hearing.First)
        {
            CountData(device.Dot11, f);
            if (device.Id.Address == f.Source)
            {
                CountWps(device, o, batch);
                _data.Sent(device, o, batch);
            }
        }
        if (!bssIsStation)
        {
            return;
        }
        Dot11Client client = FindClient(device, o.Frame.Bssid, o, batch);
        if (hearing != Hearing.First)
        {
            return;
        }
        if (f.IsRetry)
        {
            client.Retries++;
            client.RetryDataSize += (uint)f.BodyLength;
        }
        if ((f.Flags & FrameFlags.MoreFragments) != 0)
        {
            client.Fragments++;
        }
        if (o.Length > 0 && device.Id.Address == f.Source)
        {
            _network.Learn(device, client, o, batch);
        }
    }

    private void ApplyWds(in Observation o, ObservationBatch batch, Hearing hearing)
    {
        ref readonly Dot11Frame f = ref o.Frame;
        bool create = !f.IsNull;
        if (IsStation(f.Transmitter) && Take(f.Transmitter, create: true) is { } transmitter)
        {
            _updater.Update(transmitter, o, batch, Role.Sender | Role.OnAir, hearing);
            Classify(transmitter, "Wi-Fi WDS AP", BasicType.AccessPoint | BasicType.Peer);
            transmitter.Dot11!.TypeSet |= Dot11TypeSet.Wds;
            SetChannel(transmitter, o, null);
            if (hearing == Hearing.First)
            {
                CountData(transmitter.Dot11, f);
            }
            AddAssociated(transmitter, f.Source);
            AddAssociated(transmitter, f.Destination);
        }
        if (IsStation(f.Receiver) && Take(f.Receiver, create) is { } receiver)
        {
            _updater.Update(receiver, o, batch, Role.Receiver, hearing);
            Classify(receiver, "Wi-Fi WDS AP", BasicType.AccessPoint | BasicType.Peer);
            receiver.Dot11!.TypeSet |= Dot11TypeSet.Wds;
        }
        ApplyWdsEnd(f.Source, Role.Sender, o, batch, hearing, create);
        ApplyWdsEnd(f.Destination, Role.Receiver, o, batch, hearing, create);
    }

    private void ApplyWdsEnd(MacAddress address, Role role, in Observation o, ObservationBatch batch, Hearing hearing, bool create)
    {
        if (!IsStation(address) || address == o.Frame.Transmitter || address == o.Frame.Receiver || Take(address, create) is not { } end)
        {
            return;
        }
        _updater.Update(end, o, batch, role, hearing);
        ClassifyUnless(end, "Wi-Fi WDS", BasicType.Peer, BasicType.AccessPoint | BasicType.Client | BasicType.Wired);
        if (IsStation(o.Frame.Transmitter))
        {
            FindClient(end, o.Frame.Transmitter, o, batch);
        }
        if (hearing == Hearing.First)
        {
            CountData(end.Dot11!, o.Frame);
        }
    }

    private Device? Take(MacAddress address, bool create)
    {
        if (!_devices.OwnsDot11(address))
        {
            return null;
        }
        DeviceId id = new(Phy.Dot11, address);
        if (!create)
        {
            return _devices.FindToChange(id);
        }
        Device device = _devices.FindOrAdd(id, out bool added);
        if (added)
        {
            device.Dot11 = new();
        }
        return device;
    }

    private static void Classify(Device device, string type, BasicType basic)
    {
        device.Type = type;
        device.BasicTypeSet |= (byte)basic;
    }

    private static void ClassifyUnless(Device device, string type, BasicType basic, BasicType stronger)
    {
        if ((device.BasicTypeSet & (byte)stronger) == 0)
        {
            device.Type = type;
        }
        device.BasicTypeSet |= (byte)basic;
    }

    // What a network says of itself goes before what the radio was tuned to, which hears neighbouring channels too.
    private static void SetChannel(Device device, in Observation o, string? announced)
    {
        if (announced is not null)
        {
            device.Channel = announced;
        }
        // Below 1 GHz a frequency has other numbers in each country: what was announced stays.
        else if (o.FrequencyKhz != 0 && !(ChannelNames.IsS1g(device.Channel) && o.FrequencyKhz < ChannelNames.S1gEndKhz))
        {
            device.Channel = ChannelNames.OfDot11(o.FrequencyKhz);
        }
    }

    private static void Associate(Device ap, in Dot11Frame f)
    {
        if (f.Kind == FrameKind.ProbeResponse)
        {
            // Whoever is answered is not a client yet.
            return;
        }
        if (f.Source != f.Bssid)
        {
            AddAssociated(ap, f.Source);
        }
        if (f.Destination != f.Bssid)
        {
            AddAssociated(ap, f.Destination);
        }
    }

    private static void AddAssociated(Device ap, MacAddress client)
    {
        if (!IsStation(client) || client == ap.Id.Address)
        {
            return;
        }
        SmallMap<DeviceId> map = ap.Dot11!.AssociatedClients ??= new();
        if (!map.TryGet(client, out _))
        {
            map.Add(client, new(Phy.Dot11, client));
        }
    }

    private static Dot11Client FindClient(Device device, MacAddress network, in Observation o, ObservationBatch batch)
    {
        uint time = o.Seconds;
        SmallMap<Dot11Client> map = device.Dot11!.Clients ??= new();
        if (!map.TryGet(network, out Dot11Client? client))
        {
            client = new() { Bssid = network, FirstTime = time };
            map.Add(network, client);
        }
        client.LastTime = Math.Max(client.LastTime, time);
        if (o.Location >= 0)
        {
            (client.Location ??= new()).Add(batch.Locations[o.Location]);
        }
        return client;
    }

    private static void CountData(Dot11Device device, in Dot11Frame f)
    {
        uint size = f.IsNull ? 0 : (uint)f.BodyLength;
        device.DataSize += size;
        if (f.IsRetry)
        {
            device.Retries++;
            device.RetryDataSize += size;
        }
        if ((f.Flags & FrameFlags.MoreFragments) != 0)
        {
            device.Fragments++;
        }
    }

    // A run of third messages of WPS is somebody guessing its PIN.
    private void CountWps(Device sender, in Observation o, ObservationBatch batch)
    {
        if (o.Frame.Payload != PayloadKind.Eapol || !EapWps.IsM3(batch.Bytes(o), o.Frame))
        {
            return;
        }
        Dot11Device device = sender.Dot11!;
        uint time = o.Seconds;
        bool running = time >= device.WpsM3Last && time - device.WpsM3Last <= WpsWindowSeconds;
        device.WpsM3Count = running ? device.WpsM3Count + 1 : 1;
        device.WpsM3Last = time;
        _keys.Guessed(sender, o, batch);
    }

    // True where one more came than a network has at once; then counting begins again.
    private static bool CountDisconnect(Dot11Device device, uint time)
    {
        bool burst = time >= device.ClientDisconnectsLast && time - device.ClientDisconnectsLast <= DisconnectGapSeconds;
        bool flood = burst && device.ClientDisconnects >= DisconnectLimit;
        device.ClientDisconnects = burst && device.ClientDisconnects < DisconnectLimit ? device.ClientDisconnects + 1 : 1;
        device.ClientDisconnectsLast = time;
        return flood;
    }
}
