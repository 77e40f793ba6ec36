using System.Numerics;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Views;

/// <summary>
/// Which devices of a partition belong to users' views: a bit of each device for each view. Devices that changed are looked at again when somebody asks,
/// each once however often it changed: packets pay a flag, and a question what changed since the last one.
/// </summary>
internal sealed class ViewMembers(DeviceSet devices)
{
    /// <summary>Views that a partition keeps up; a bit each.</summary>
    public const int MaxViews = 64;

    private readonly Slot?[] _slots = new Slot?[MaxViews];
    private long _asked;

    /// <summary>The members of a view, kept up from now on.</summary>
    /// <exception cref="CommandException">A pattern of it takes too long.</exception>
    public DeviceView MembersOf(UserView view, RecordContext context)
    {
        int slot = Keep(view, context);
        return _slots[slot]!.Fault is { } fault ? throw new CommandException(fault) : new Members(1UL << slot);
    }

    /// <summary>How many devices belong to each of some views.</summary>
    public int[] Sizes(IReadOnlyList<UserView> views, RecordContext context) =>
        [.. views.Take(MaxViews).Select(view => devices.UserCounts[Keep(view, context)])];

    private int Keep(UserView view, RecordContext context)
    {
        LookAgain(context);
        int slot = Array.FindIndex(_slots, kept => kept is not null && kept.View.Equals(view));
        if (slot < 0)
        {
            slot = Array.IndexOf(_slots, null);
            slot = slot >= 0 ? slot : Enumerable.Range(0, MaxViews).MinBy(i => _slots[i]!.Asked);
            _slots[slot] = new(view);
            devices.Watches = true;
            devices.UserCounts[slot] = 0;
            Fill(slot, devices.All, context);
        }
        _slots[slot]!.Asked = ++_asked;
        return slot;
    }

    private void LookAgain(RecordContext context)
    {
        List<Device> changed = devices.TakeWatched();
        if (changed.Count == 0)
        {
            return;
        }
        ReadOnlySpan<Device> all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(changed);
        for (int slot = 0; slot < MaxViews; slot++)
        {
            if (_slots[slot] is not null)
            {
                Fill(slot, all, context);
            }
        }
        changed.Clear();
    }

    private void Fill(int slot, ReadOnlySpan<Device> some, RecordContext context)
    {
        Slot kept = _slots[slot]!;
        ulong bit = 1UL << slot;
        Func<Device, bool> test = kept.View.Test(context);
        int change = 0;
        foreach (Device device in some)
        {
            bool before = (device.UserViews & bit) != 0;
            bool now = false;
            try
            {
                now = kept.Fault is null && test(device);
            }
            catch (CommandException e)
            {
                // Others are not to wait for it, and who asks for it is told.
                kept.Fault = e.Message;
            }
            device.UserViews = now ? device.UserViews | bit : device.UserViews & ~bit;
            change += (now ? 1 : 0) - (before ? 1 : 0);
        }
        // A slot that was another view's before has its bits still, and its count no more.
        devices.UserCounts[slot] = some.Length == devices.All.Length ? CountBits(bit) : devices.UserCounts[slot] + change;
    }

    private int CountBits(ulong bit)
    {
        int count = 0;
        foreach (Device device in devices.All)
        {
            count += BitOperations.PopCount(device.UserViews & bit);
        }
        return count;
    }

    private sealed class Slot(UserView view)
    {
        public UserView View => view;

        public long Asked;

        public string? Fault;
    }

    private sealed record Members(ulong Bit) : DeviceView
    {
        public override bool Contains(Device device) => (device.UserViews & Bit) != 0;
    }
}
