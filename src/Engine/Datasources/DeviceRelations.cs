using System.Buffers.Binary;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// Which Wi-Fi devices that one source hears are the same hardware: access points whose timers began together, and devices that give one WPS identity under several addresses.
/// A source hears what stands together; the devices themselves may belong to different partitions, which are told.
/// </summary>
internal sealed class DeviceRelations
{
    // Kismet's (dot11_related_bss_window). Radios of one device start within seconds, networks of one radio have one timer.
    private const long WindowUs = 10_000_000;

    // What there is at one place. When there are more, as an attack makes them, it begins anew.
    private const int MaxClocks = 4096, MaxIdentities = 1024;
    private const int Places = 1024;

    private readonly Dictionary<MacAddress, long> _starts = [];
    private readonly Dictionary<long, List<MacAddress>> _byStart = [];
    private readonly Dictionary<UInt128, List<MacAddress>> _byIdentity = [];

    // What the last frames of a sender said, by which most are known to say nothing new: no map is asked, and no element read.
    private readonly (ulong Bssid, long Start)[] _clocks = new (ulong, long)[Places];
    private readonly (ulong Sender, ulong Elements)[] _read = new (ulong, ulong)[Places];

    // An element of WPS begins with it (Wi-Fi Protected Setup specification 2.0.8, clause 8.2).
    private static ReadOnlySpan<byte> Wps => [0x00, 0x50, 0xF2, 0x04];

    /// <summary>Times at which timers began that are kept, in pieces of the window.</summary>
    internal int Starts => _byStart.Count;

    /// <summary>Looks at a management frame, and tells the partitions what it finds for the first time.</summary>
    public void Look(ReadOnlySpan<byte> bytes, in Observation o, ReadOnlySpan<ObservationBatch> batches)
    {
        FrameKind kind = o.Frame.Kind;
        if (kind is FrameKind.Beacon or FrameKind.ProbeResponse)
        {
            LookAtClock(o, batches);
        }
        if (kind is FrameKind.Beacon or FrameKind.ProbeResponse or FrameKind.ProbeRequest or FrameKind.AssociationRequest or FrameKind.ReassociationRequest)
        {
            LookAtIdentity(bytes, o, batches);
        }
    }

    private void LookAtClock(in Observation o, ReadOnlySpan<ObservationBatch> batches)
    {
        const ushort adHoc = 2;
        MacAddress bssid = o.Frame.Bssid;
        // The members of an ad-hoc network set their timers by each other.
        if (o.Frame.Timestamp == 0 || (o.Frame.Capabilities & adHoc) != 0 || !Dot11Tracker.IsStation(bssid))
        {
            return;
        }
        long start = (o.TimeNs / 1000) - (long)o.Frame.Timestamp;
        ref (ulong Bssid, long Start) clock = ref _clocks[PlaceOf(bssid.Value)];
        if (clock.Bssid == bssid.Value && AreTogether(start, clock.Start))
        {
            return;
        }
        if (_starts.TryGetValue(bssid, out long known))
        {
            if (AreTogether(start, known))
            {
                clock = (bssid.Value, known);
                return;
            }
            if (_byStart.TryGetValue(Bucket(known), out List<MacAddress>? before) && before.Remove(bssid) && before.Count == 0)
            {
                // A timer that jumps with each beacon leaves nothing behind.
                _ = _byStart.Remove(Bucket(known));
            }
        }
        else if (_starts.Count >= MaxClocks)
        {
            _starts.Clear();
            _byStart.Clear();
            Array.Clear(_clocks);
        }
        _starts[bssid] = start;
        clock = (bssid.Value, start);
        for (long bucket = Bucket(start) - 1; bucket <= Bucket(start) + 1; bucket++)
        {
            // After a power failure all access points of a campus began together.
            if (_byStart.TryGetValue(bucket, out List<MacAddress>? others) && others.Count <= Related.Most)
            {
                foreach (MacAddress other in others)
                {
                    if (AreTogether(start, _starts[other]))
                    {
                        Add(bssid, other, Likeness.Clock, o, batches);
                    }
                }
            }
        }
        Add(_byStart, Bucket(start), bssid);
    }

    private static int PlaceOf(ulong value) => (int)((value ^ (value >> 10) ^ (value >> 20)) % Places);

    // Of spoiled frames the difference may be more than a number holds.
    private static bool AreTogether(long one, long other) => (ulong)(one - other + WindowUs) < 2 * WindowUs;

    private static long Bucket(long start) => Math.DivRem(start, WindowUs).Quotient;

    private void LookAtIdentity(ReadOnlySpan<byte> bytes, in Observation o, ReadOnlySpan<ObservationBatch> batches)
    {
        ulong sender = o.Frame.Source.Value;
        // Its beacons and its probe responses, which come in turns, have a place each.
        ref (ulong Sender, ulong Elements) read = ref _read[PlaceOf(sender ^ (ulong)o.Frame.Kind)];
        if (read == (sender, o.Frame.ElementsHash) || !Dot11Tracker.IsStation(o.Frame.Source) || o.Frame.ElementsOffset >= bytes.Length)
        {
            return;
        }
        read = (sender, o.Frame.ElementsHash);
        ReadOnlySpan<byte> elements = bytes[o.Frame.ElementsOffset..];
        if (elements.IndexOf(Wps) < 0)
        {
            return;
        }
        _ = Dot11ElementsParser.TryParse(elements, o.Frame.Kind, o.Frame.IsCut, out Dot11Elements e);
        if (e.WpsUuidE.IsEmpty)
        {
            return;
        }
        UInt128 identity = BinaryPrimitives.ReadUInt128BigEndian(e.WpsUuidE.Of(elements));
        if (identity == UInt128.Zero || identity == UInt128.MaxValue)
        {
            // Not set.
            return;
        }
        if (_byIdentity.TryGetValue(identity, out List<MacAddress>? others))
        {
            if (others.Contains(o.Frame.Source))
            {
                return;
            }
            foreach (MacAddress other in others)
            {
                Add(o.Frame.Source, other, Likeness.Identity, o, batches);
            }
        }
        else if (_byIdentity.Count >= MaxIdentities)
        {
            _byIdentity.Clear();
        }
        Add(_byIdentity, identity, o.Frame.Source);
    }

    private static void Add<TKey>(Dictionary<TKey, List<MacAddress>> groups, TKey key, MacAddress address)
        where TKey : notnull
    {
        if (!groups.TryGetValue(key, out List<MacAddress>? group))
        {
            groups[key] = group = [];
        }
        if (group.Count > Related.Most)
        {
            group.RemoveAt(0);
        }
        group.Add(address);
    }

    private static void Add(MacAddress one, MacAddress other, Likeness likeness, in Observation seen, ReadOnlySpan<ObservationBatch> batches)
    {
        Observation o = new()
        {
            Kind = ObservationKind.Related,
            TimeNs = seen.TimeNs,
            Source = seen.Source,
            Location = -1,
            Frame = new() { Source = one, Destination = other, Code = (ushort)likeness },
        };
        PairRouting.Route(Phy.Dot11, o, [], batches);
    }
}
