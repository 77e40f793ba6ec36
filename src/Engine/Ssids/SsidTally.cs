using System.Runtime.InteropServices;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Engine.Ssids;

/// <summary>
/// Gathers the SSIDs of a partition's devices, some thousands of devices a turn, so that packets come in between. Groups are what devices' records
/// say and nothing else: kept with them, right after a restart, and without a cost for packets. An SSID without bytes, as of probes for any network, is none.
/// </summary>
public sealed class SsidTally
{
    // About a millisecond: a device's records lie all over the memory.
    private const int DevicesAtOnce = 4096;
    private readonly SsidQuery _query;
    private readonly HashSet<uint>? _only;
    private readonly Dictionary<ulong, SsidGroup> _groups = [];
    private uint _cursor;

    public SsidTally(SsidQuery query)
    {
        _query = query;
        _only = query.Hashes is null ? null : [.. query.Hashes];
    }

    /// <summary>What was gathered.</summary>
    public SsidShare Share => new([.. _groups.Values]);

    /// <summary>Goes on where the last call ended.</summary>
    /// <returns>Whether all devices have been looked at.</returns>
    internal bool Advance(DeviceSet devices)
    {
        ReadOnlySpan<Device> all = devices.All;
        int from = devices.IndexOf(_cursor);
        int to = Math.Min(all.Length, from + DevicesAtOnce);
        foreach (Device device in all[from..to])
        {
            if (device.Dot11 is { } dot11)
            {
                Add(device.Id, dot11);
            }
        }
        if (to == all.Length)
        {
            return true;
        }
        _cursor = all[to].Serial;
        return false;
    }

    private void Add(DeviceId id, Dot11Device device)
    {
        foreach (AdvertisedSsid ssid in device.Advertised ?? [])
        {
            Find(ssid)?.Advertising.Add(id, _query.NamesDevices);
        }
        foreach (AdvertisedSsid ssid in device.Responded ?? [])
        {
            Find(ssid)?.Responding.Add(id, _query.NamesDevices);
        }
        foreach (ProbedSsid ssid in device.Probed ?? [])
        {
            Find(ssid.Hash, ssid.Crypt, ssid.Ssid, ssid.Length, ssid.FirstTime, ssid.LastTime)?.Probing.Add(id, _query.NamesDevices);
        }
    }

    // Hidden ones are grouped by what beacons show, be the name known or not: others of that length are in the same group.
    private SsidGroup? Find(AdvertisedSsid ssid) =>
        Find(ssid.Hash, ssid.Crypt, ssid.Cloaked ? "" : ssid.Ssid, ssid.Length, ssid.FirstTime, ssid.LastTime);

    private SsidGroup? Find(uint hash, CryptBits crypt, string ssid, byte length, uint first, uint last)
    {
        if (length == 0 || _only?.Contains(hash) == false)
        {
            return null;
        }
        ulong identity = ((ulong)hash << 32) | (uint)crypt;
        ref SsidGroup? group = ref CollectionsMarshal.GetValueRefOrAddDefault(_groups, identity, out _);
        group ??= new() { Hash = hash, Crypt = (uint)crypt, Ssid = ssid, Length = length, FirstTime = first };
        group.FirstTime = Math.Min(group.FirstTime, first);
        group.LastTime = Math.Max(group.LastTime, last);
        return group;
    }
}
