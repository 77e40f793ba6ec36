using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Api.Http;

/// <summary>Windows over ordered lists of devices: each partition gives its first ones, and they are merged.</summary>
internal static class DeviceWindows
{
    // So many devices are put in order sooner than all are counted.
    private const int Deep = 20_000;

    /// <summary>The first devices of an order over all partitions, from an offset on.</summary>
    /// <param name="shape">How they are written.</param>
    /// <param name="order">The order; null for order of first sight.</param>
    /// <param name="start">Devices to leave out; beyond the end it is 0.</param>
    /// <param name="cancellation">Nobody waits for them any more.</param>
    public static async Task<Window> SelectAsync(
        IReadOnlyList<IDevicePartition> partitions, DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int start, int length,
        CancellationToken cancellation = default)
    {
        if (order is not null && start >= Deep && IsQuick(filter))
        {
            int all = (await partitions.SelectAsync(filter, shape, null, 0, cancellation)).Sum(static w => w.Matching);
            int there = Math.Min(length, all - start);
            // Beyond the middle, the other end is nearer.
            if (there > 0 && start > all / 2)
            {
                Window turned = await FirstAsync(partitions, filter, shape, order with { Descending = !order.Descending }, all - start - there, there, cancellation);
                return turned with { Ids = [.. turned.Ids.Reverse()] };
            }
        }
        return await FirstAsync(partitions, filter, shape, order, start, length, cancellation);
    }

    // A search looks into every device's texts, which takes longer than any order.
    private static bool IsQuick(DeviceFilter filter) => filter is { Regex: null, Where: null, Search: null };

    private static async Task<Window> FirstAsync(
        IReadOnlyList<IDevicePartition> partitions, DeviceFilter filter, DeviceShape shape, DeviceOrder? order, int start, int length, CancellationToken cancellation)
    {
        int count = (int)Math.Min((long)start + length, int.MaxValue);
        int likely = order is null ? count : LikelyShare(count, partitions.Count);
        DeviceWindow[] windows = await partitions.SelectAsync(filter, shape, order, likely, cancellation);
        int matching = windows.Sum(static w => w.Matching);
        if (start >= matching && start > 0)
        {
            return await FirstAsync(partitions, filter, shape, order, 0, length, cancellation);
        }
        if (order is null)
        {
            return new([.. windows.SelectMany(static w => w.First).Select(static r => r.Id).Skip(start).Take(length)], matching, Total(windows));
        }
        List<DeviceId> ranked = Merge(windows, new(order.Descending), count, out List<int> ended);
        if (ended.Count > 0)
        {
            // Chance gave some partitions more than their share. Those that were not read to their end are not when these have more to give.
            await Task.WhenAll(ended.Select(async i => windows[i] = await partitions[i].SelectAsync(filter, shape, order, count, cancellation)));
            ranked = Merge(windows, new(order.Descending), count, out _);
        }
        return new([.. ranked.Skip(start).Take(length)], matching, Total(windows));
    }

    /// <summary>
    /// How many of the first devices of all one partition has, at the most that is likely: devices are spread by a hash, so their number has the
    /// mean and the variance of a binomial distribution, and with six deviations more than the mean a second round is rare for 256 partitions.
    /// </summary>
    private static int LikelyShare(int count, int partitions)
    {
        double mean = (double)count / partitions;
        return partitions == 1 ? count : (int)Math.Min(count, Math.Ceiling(mean + (6 * Math.Sqrt(mean)) + 6));
    }

    private static int Total(DeviceWindow[] windows) => windows.Sum(static w => w.Total);

    // Each partition's list is in order already: the next device is the first of those at the lists' heads. Ended are lists that were read to
    // their end before enough was found, although their partition has more.
    private static List<DeviceId> Merge(DeviceWindow[] windows, RankComparer comparer, int count, out List<int> ended)
    {
        PriorityQueue<(int Window, int Index), RankedDevice> heads = new(windows.Length, comparer);
        for (int i = 0; i < windows.Length; i++)
        {
            if (windows[i].First.Count > 0)
            {
                heads.Enqueue((i, 0), windows[i].First[0]);
            }
        }
        List<DeviceId> merged = [];
        ended = [];
        while (merged.Count < count && heads.TryDequeue(out (int Window, int Index) head, out RankedDevice device))
        {
            merged.Add(device.Id);
            DeviceWindow window = windows[head.Window];
            if (head.Index + 1 < window.First.Count)
            {
                heads.Enqueue((head.Window, head.Index + 1), window.First[head.Index + 1]);
            }
            else if (merged.Count < count && window.First.Count < window.Matching)
            {
                ended.Add(head.Window);
            }
        }
        return merged;
    }

    /// <summary>A window over an ordered list.</summary>
    /// <param name="Matching">Devices that pass the filter.</param>
    /// <param name="Total">Devices in the view.</param>
    public sealed record Window(IReadOnlyList<DeviceId> Ids, int Matching, int Total);
}
