using KismetOrleans.Grains.Partitions;
using KismetOrleans.Grains.Server;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Api.Http;

/// <summary>Windows over ordered lists of devices: each partition gives its first ones, and they are merged.</summary>
public static class DeviceWindows
{
    /// <summary>The first devices of an order over all partitions, from an offset on.</summary>
    /// <param name="backend">Where they are.</param>
    /// <param name="filter">Which devices.</param>
    /// <param name="shape">How they are written.</param>
    /// <param name="order">The order; null for order of first sight.</param>
    /// <param name="start">Devices to leave out; beyond the end it is 0.</param>
    /// <param name="length">Devices wanted.</param>
    public static async Task<Window> SelectAsync(IBackend backend, DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int start, int length)
    {
        int count = (int)Math.Min((long)start + length, int.MaxValue);
        DeviceWindow[] windows = await Task.WhenAll(backend.Partitions.Select(p => p.SelectAsync(filter, shape, order, count).AsTask()));
        int matching = windows.Sum(static w => w.Matching);
        if (start >= matching && start > 0)
        {
            return await SelectAsync(backend, filter, shape, order, 0, length);
        }
        IEnumerable<DeviceId> ranked = order is null
            ? windows.SelectMany(static w => w.First).Select(static r => r.Id)
            : Merge(windows, new(order.Descending));
        return new([.. ranked.Skip(start).Take(length)], matching, windows.Sum(static w => w.Total));
    }

    // Each partition's list is in order already: the next device is the first of those at the lists' heads.
    private static IEnumerable<DeviceId> Merge(DeviceWindow[] windows, RankComparer comparer)
    {
        PriorityQueue<(int Window, int Index), RankedDevice> heads = new(windows.Length, comparer);
        for (int i = 0; i < windows.Length; i++)
        {
            if (windows[i].First.Count > 0)
            {
                heads.Enqueue((i, 0), windows[i].First[0]);
            }
        }
        while (heads.TryDequeue(out (int Window, int Index) head, out RankedDevice device))
        {
            yield return device.Id;
            if (head.Index + 1 < windows[head.Window].First.Count)
            {
                heads.Enqueue((head.Window, head.Index + 1), windows[head.Window].First[head.Index + 1]);
            }
        }
    }

    /// <summary>A window over an ordered list.</summary>
    /// <param name="Ids">The devices in it.</param>
    /// <param name="Matching">Devices that pass the filter.</param>
    /// <param name="Total">Devices in the view.</param>
    public sealed record Window(IReadOnlyList<DeviceId> Ids, int Matching, int Total);
}
