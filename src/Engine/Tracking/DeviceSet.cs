using System.Runtime.InteropServices;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Fingerprints;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tracking;

/// <summary>The devices of one partition and the sizes of its views. Used by the partition's worker alone.</summary>
public sealed class DeviceSet(int partition, int partitions, IManufacturers manufacturers)
{
    // More than the message ring holds would only be formatted to be thrown away.
    private const int MaxPendingMessages = 50;

    // A hundredth is forgotten at once: ranking all devices costs as much as some hundred packets each.
    private const int SpareShare = 100;
    private readonly Dictionary<ulong, Device?> _byId = [];
    private readonly List<Device> _devices = [];
    private readonly int[] _byPhy = new int[Phy.All.Count];
    private readonly Queue<(Device Device, AdvertisedSsid? Ssid, string? Asked)> _announced = new();
    private readonly List<Device> _changed = [];
    private readonly List<DeviceId> _removed = [];
    private List<Device> _watched = [];
    private List<Device> _watchedBefore = [];
    private uint _serial;

    /// <summary>Number of this partition.</summary>
    public int Partition => partition;

    /// <summary>All devices, in order of first sight.</summary>
    public ReadOnlySpan<Device> All => CollectionsMarshal.AsSpan(_devices);

    public ReadOnlySpan<int> CountsByPhy => _byPhy;

    /// <summary>Members of the access point view.</summary>
    public int AccessPoints { get; private set; }

    /// <summary>Members of each source's view, by the source's number.</summary>
    public Dictionary<ushort, int> CountsBySource { get; } = [];

    /// <summary>Where each source that knows its place was when it last saw something, and the second of that, by the source's number.</summary>
    internal Dictionary<ushort, (GeoPoint Place, uint Seconds)> SensorPlaces { get; } = [];

    /// <summary>Members of users' views, by their bits.</summary>
    public int[] UserCounts { get; } = new int[64];

    /// <summary>Whether devices that change are remembered for <see cref="TakeWatched"/>: there are views of users.</summary>
    public bool Watches { get; set; }

    /// <summary>Takes the devices that changed since the last call and are still there. The list is the caller's until the next call.</summary>
    internal List<Device> TakeWatched()
    {
        (_watched, _watchedBefore) = (_watchedBefore, _watched);
        foreach (Device device in _watchedBefore)
        {
            device.IsWatched = false;
        }
        _ = _watchedBefore.RemoveAll(device => _byId.GetValueOrDefault(device.Id.Value) != device);
        return _watchedBefore;
    }

    /// <summary>What was wrong inside frames since it was taken last.</summary>
    public AnomalyCounts Anomalies { get; } = new();

    /// <summary>What was noticed since it was taken last.</summary>
    public AlertCollector Alerts { get; init; } = new(new());

    /// <summary>What happened that somebody listens to, since it was taken last.</summary>
    public DeviceEventCollector Events { get; init; } = new();

    /// <summary>Which aircraft there are; null where there is no registry of them.</summary>
    public IAircraftRegistry? Aircraft { get; init; }

    /// <summary>How devices are expected to look.</summary>
    public IFingerprintSource Fingerprints { get; init; } = FixedFingerprints.None;

    /// <summary>Who was where; null where nobody takes note of that.</summary>
    public PresenceBook? Presence { get; init; }

    /// <summary>Whether this partition owns a Wi-Fi device.</summary>
    internal bool OwnsDot11(MacAddress address) => partitions == 1 || Partitioning.OfDot11(address, partitions) == partition;

    internal bool Owns(DeviceId id) => Partitioning.Of(id, partitions) == partition;

    internal Device? Find(DeviceId id) => _byId.GetValueOrDefault(id.Value);

    /// <summary>The device, or null, for a caller that will change it.</summary>
    internal Device? FindToChange(DeviceId id)
    {
        Device? device = Find(id);
        if (device is not null)
        {
            Touch(device);
        }
        return device;
    }

    /// <summary>Whether changes are remembered for <see cref="TakeChanged"/>; without a store nobody takes them.</summary>
    public bool KeepsChanges { get; init; }

    /// <summary>Gives the devices that changed and those that were removed since the last call.</summary>
    internal void TakeChanged(Action<Device> changed, List<DeviceId> removed)
    {
        foreach (Device device in _changed)
        {
            // Not one that was removed since.
            if (device.IsUnsaved)
            {
                device.IsUnsaved = false;
                device.IsStored = true;
                changed(device);
            }
        }
        _changed.Clear();
        removed.AddRange(_removed);
        _removed.Clear();
    }

    /// <summary>Takes in a device as it was saved.</summary>
    internal void Restore(Device device)
    {
        if (!_byId.TryAdd(device.Id.Value, device))
        {
            return;
        }
        device.Serial = _serial++;
        device.IsStored = KeepsChanges;
        // What was seen once may be a flood's.
        device.SeenSince = device.Packets > 1 ? 1 : device.ModTime;
        _devices.Add(device);
        Count(device, 1);
    }

    /// <summary>Forgets the devices that a test names.</summary>
    /// <returns>How many.</returns>
    internal int RemoveWhere(Func<Device, bool> test)
    {
        int before = _devices.Count;
        _ = _devices.RemoveAll(device =>
        {
            if (!test(device))
            {
                return false;
            }
            _ = _byId.Remove(device.Id.Value);
            device.IsUnsaved = device.IsWatched = false;
            if (device.IsStored)
            {
                _removed.Add(device.Id);
            }
            Count(device, -1);
            Presence?.Close(device);
            return true;
        });
        if (before > _devices.Count)
        {
            // What nobody takes must not keep them in memory.
            _ = _changed.RemoveAll(static device => !device.IsUnsaved);
            _ = _watched.RemoveAll(static device => !device.IsWatched);
            _watchedBefore.Clear();
        }
        return before - _devices.Count;
    }

    /// <summary>Forgets sources that are none any more: their numbers may be those of others some day.</summary>
    internal void ForgetSources(ISourceDirectory sources)
    {
        // Hardly ever any, for which all devices need not be looked through.
        HashSet<ushort> forgotten = [.. CountsBySource.Keys.Where(sources.IsForgotten)];
        if (forgotten.Count == 0)
        {
            return;
        }
        foreach (Device device in _devices)
        {
            foreach (SeenBy seen in device.SeenBy)
            {
                if (forgotten.Contains(seen.SourceNumber))
                {
                    Presence?.Close(device.Id, seen);
                    device.SeenBy = [.. device.SeenBy.Where(other => other != seen)];
                    Touch(device);
                }
            }
        }
        foreach (ushort number in forgotten)
        {
            _ = CountsBySource.Remove(number);
            Presence?.Forget(number);
        }
    }

    /// <summary>Forgets the devices of the least rank where there are more than a number, and some more, so that the next device does not begin it again.</summary>
    /// <returns>How many.</returns>
    internal int Trim(int most, DeviceRanks ranks)
    {
        int surplus = _devices.Count - most;
        return surplus > 0 ? RemoveLeast(surplus + (most / SpareShare), ranks) : 0;
    }

    private int RemoveLeast(int count, DeviceRanks ranks)
    {
        TopList<(long Rank, uint Serial), RankOrder> least = new(count, default);
        foreach (Device device in _devices)
        {
            least.Offer((ranks.Of(device), device.Serial));
        }
        HashSet<uint> gone = [.. least.Kept().Select(static one => one.Serial)];
        return RemoveWhere(device => gone.Contains(device.Serial));
    }

    /// <summary>Where the devices from a serial number on begin in <see cref="All"/>.</summary>
    internal int IndexOf(uint serial)
    {
        // Without removals the serial number is the index.
        int low = 0;
        int high = Math.Min(_devices.Count, (int)Math.Min(serial, int.MaxValue));
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_devices[middle].Serial < serial)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    private void Relate(MacAddress address, MacAddress other, Likeness likeness, uint clock)
    {
        DeviceId id = new(Phy.Dot11, address);
        if (Owns(id) && Find(id) is { Dot11: { } dot11 } device && Related.Add(dot11, likeness, other))
        {
            device.ModTime = clock;
            Touch(device);
        }
    }

    private void Touch(Device device)
    {
        if (Watches && !device.IsWatched)
        {
            device.IsWatched = true;
            _watched.Add(device);
        }
        if (KeepsChanges && !device.IsUnsaved)
        {
            device.IsUnsaved = true;
            _changed.Add(device);
        }
    }

    private void Count(Device device, int by)
    {
        _byPhy[device.Id.Phy.Id] += by;
        AccessPoints += device.Dot11 is { } dot11 && DeviceViews.IsAccessPoint(dot11) ? by : 0;
        for (ulong views = by < 0 ? device.UserViews : 0; views != 0; views &= views - 1)
        {
            UserCounts[System.Numerics.BitOperations.TrailingZeroCount(views)]--;
        }
        foreach (SeenBy seen in device.SeenBy)
        {
            CountSeenBy(seen.SourceNumber, by);
        }
    }

    internal void CountSeenBy(ushort source, int by) => CountsBySource[source] = CountsBySource.GetValueOrDefault(source) + by;

    /// <summary>The device, made at first sight.</summary>
    internal Device FindOrAdd(DeviceId id, out bool added)
    {
        ref Device? device = ref CollectionsMarshal.GetValueRefOrAddDefault(_byId, id.Value, out _);
        added = device is null;
        if (device is null)
        {
            // Where the registry fails, nothing stays but an identity without a device, which counts as none.
            device = new(id) { Manufacturer = manufacturers.Find(id.Address) ?? "Unknown", Serial = _serial };
            _serial++;
            _devices.Add(device);
            _byPhy[id.Phy.Id]++;
            Announce(device, null);
            Events.Note(device, EventTopics.NewDevice);
        }
        Touch(device);
        return device;
    }

    /// <summary>Notes that two Wi-Fi devices are alike, in those of them that are of this set.</summary>
    internal void Relate(in Observation o, uint clock)
    {
        Relate(o.Frame.Source, o.Frame.Destination, (Likeness)o.Frame.Code, clock);
        Relate(o.Frame.Destination, o.Frame.Source, (Likeness)o.Frame.Code, clock);
    }

    /// <summary>Adds roles to a Wi-Fi device of this set, and the device to the access point view where that is due.</summary>
    internal void AddRoles(Dot11Device device, Dot11TypeSet roles)
    {
        bool before = DeviceViews.IsAccessPoint(device);
        device.TypeSet |= roles;
        if (!before && DeviceViews.IsAccessPoint(device))
        {
            AccessPoints++;
        }
    }

    /// <summary>The manufacturer of an organisation's identifier, or null.</summary>
    internal string? ManufacturerOf(uint oui) => manufacturers.FindOui(oui);

    /// <summary>Has a message tell of a device that is new, or of a name that it announces, or asks for, for the first time.</summary>
    internal void Announce(Device device, AdvertisedSsid? ssid, string? asked = null)
    {
        if (_announced.Count == MaxPendingMessages)
        {
            _ = _announced.Dequeue();
        }
        _announced.Enqueue((device, ssid, asked));
    }

    /// <summary>Takes the messages about devices that came since the last call, the newest where there were too many.</summary>
    internal IReadOnlyList<MessageRecord> TakeMessages(uint clock)
    {
        if (_announced.Count == 0)
        {
            return [];
        }
        MessageRecord[] messages = new MessageRecord[_announced.Count];
        for (int i = 0; i < messages.Length; i++)
        {
            (Device device, AdvertisedSsid? ssid, string? asked) = _announced.Dequeue();
            string text = asked is not null ? $"Wi-Fi device {device.Id.Address} probes for SSID '{asked}'" : ssid is null ? Announcement(device) : Announcement(device, ssid);
            messages[i] = new(text, MessageFlags.Info, clock);
        }
        return messages;
    }

    private readonly struct RankOrder : IComparer<(long Rank, uint Serial)>
    {
        public int Compare((long Rank, uint Serial) x, (long Rank, uint Serial) y) => x.CompareTo(y);
    }

    private static string Announcement(Device device)
    {
        string kind = device.Dot11 is null ? $"{device.Id.Phy.Name} device"
            : (device.BasicTypeSet & (byte)BasicType.AccessPoint) != 0 ? "802.11 Wi-Fi access point" : "802.11 Wi-Fi device";
        return $"Detected new {kind} {device.Id.Address}" + (device.Name.Length > 0 ? $" ({device.Name})" : "");
    }

    // Displays and scripts look for SSID, device, the address and the quoted name.
    private static string Announcement(Device device, AdvertisedSsid ssid) =>
        $"Wi-Fi device {device.Id.Address} {(ssid.Beacon ? "announces" : "answers with")} {(ssid.Ssid.Length > 0 ? $"SSID '{ssid.Ssid}'" : "a cloaked SSID, which hides its name")}";
}

/// <summary>Bits of <c>kismet.device.base.basic_type_set</c>.</summary>
[Flags]
internal enum BasicType : byte
{
    None = 0,

    AccessPoint = 1,

    Client = 2,

    Wired = 4,

    Peer = 8,
}

/// <summary>Bits of <c>kismet.device.base.basic_crypt_set</c>.</summary>
[Flags]
public enum BasicCrypt : byte
{
    /// <summary>Nothing encrypted seen.</summary>
    None = 0,

    Encrypted = 2,

    /// <summary>Encrypted at layer 2.</summary>
    Layer2 = 4,

    /// <summary>Encrypted at layer 3.</summary>
    Layer3 = 8,

    /// <summary>Encrypted with something weak (WEP).</summary>
    Weak = 16,

    Decrypted = 32,
}
