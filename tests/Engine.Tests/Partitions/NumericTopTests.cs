using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>For numbers the list keeps what sorting everything by number and identity and cutting would keep, in both directions.</summary>
public sealed class NumericTopTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(4999)]
    [InlineData(9000)]
    [InlineData(int.MaxValue)]
    public void Keeps_the_first_whatever_the_order_they_come_in_and_however_many_are_equal(int capacity)
    {
        Random random = new(capacity);
        foreach (int range in (int[])[1, 3, 300, int.MaxValue])
        {
            (double Key, ulong Id)[] items = [.. Enumerable.Range(1, 5000).Select(i => ((double)random.Next(range) - (range / 2), (ulong)i))];
            random.Shuffle(items);
            (double Key, ulong Id)[] sorted = [.. items.Order()];
            foreach ((double Key, ulong Id)[] order in ((double, ulong)[][])[items, sorted, [.. sorted.Reverse()]])
            {
                Assert.Equal(sorted.Take(capacity), Top(order, capacity, descending: false));
                Assert.Equal(sorted.Reverse().Take(capacity), Top(order, capacity, descending: true));
            }
        }
    }

    private static IEnumerable<(double Key, ulong Id)> Top((double Key, ulong Id)[] items, int capacity, bool descending)
    {
        NumericTop top = new(capacity, descending);
        foreach ((double key, ulong id) in items)
        {
            top.Offer(key, new DeviceId(id));
        }
        return top.ToSorted().Select(static ranked => (ranked.Key.Number, ranked.Id.Value));
    }
}
