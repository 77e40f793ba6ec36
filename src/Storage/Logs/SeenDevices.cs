using System.Runtime.InteropServices;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// The devices that a kismetdb has packets of, and which of them wait for a row, or for a newer one. Allocates nothing a packet but for a device's first.
/// </summary>
internal sealed class SeenDevices
{
    private readonly Dictionary<DeviceId, State> _devices = [];
    private readonly Queue<DeviceId> _waiting = new();
    private Queue<DeviceId> _changed = new();
    private Queue<DeviceId> _due = new();
    private int _asked;

    private enum State : byte
    {
        Unknown,
        Waits,
        Asked,
        Changed,
    }

    /// <summary>How many have no row and wait for one.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>How many have no row: those that wait, and those whose first row was asked for and has not come.</summary>
    public int Missing => _waiting.Count + _asked;

    /// <summary>How many have a row and are due for a newer one.</summary>
    public int Due => _due.Count;

    /// <summary>How many have no row, or one that is older than they are.</summary>
    public int Behind => _waiting.Count + _changed.Count + _due.Count;

    public IEnumerable<DeviceId> All => _devices.Keys;

    /// <summary>Whether it is one of them.</summary>
    public bool Has(DeviceId id) => _devices.ContainsKey(id);

    public void Add(in PacketDigest digest)
    {
        if (digest.Phy < 0 || digest.Error)
        {
            return;
        }
        Phy phy = Phy.All[digest.Phy];
        Add(phy, digest.Source);
        Add(phy, digest.Destination);
        Add(phy, digest.Transmitter);
    }

    /// <summary>A device was seen, or has changed.</summary>
    public void Add(DeviceId id)
    {
        ref State state = ref CollectionsMarshal.GetValueRefOrAddDefault(_devices, id, out _);
        if (state == State.Unknown)
        {
            state = State.Waits;
            _waiting.Enqueue(id);
        }
        else if (state == State.Asked)
        {
            state = State.Changed;
            _changed.Enqueue(id);
        }
    }

    /// <summary>What has changed until now is due.</summary>
    public void Renew()
    {
        if (_due.Count == 0)
        {
            (_due, _changed) = (_changed, _due);
        }
    }

    /// <summary>Takes some that wait, or else some that are due.</summary>
    public DeviceId[] Take(bool waiting, int most)
    {
        Queue<DeviceId> from = waiting ? _waiting : _due;
        DeviceId[] taken = new DeviceId[Math.Min(most, from.Count)];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = from.Dequeue();
            // From here on, so that what is seen until its row has come makes it due again.
            _devices[taken[i]] = State.Asked;
        }
        _asked = waiting ? taken.Length : 0;
        return taken;
    }

    /// <summary>What was taken has been answered.</summary>
    public void Answered() => _asked = 0;

    /// <summary>They could not be asked for.</summary>
    public void Return(IEnumerable<DeviceId> ids, bool waiting)
    {
        _asked = 0;
        foreach (DeviceId id in ids)
        {
            if (waiting)
            {
                _devices[id] = State.Waits;
                _waiting.Enqueue(id);
            }
            else
            {
                Add(id);
            }
        }
    }

    // A multicast address is nobody's.
    private void Add(Phy phy, MacAddress address)
    {
        if (!address.IsZero && !address.IsGroup)
        {
            Add(new DeviceId(phy, address));
        }
    }
}
