using FsCheck;
using FsCheck.Fluent;
using KismetOrleans.Grains.Partitions;

namespace KismetOrleans.Grains.Tests.Partitions;

/// <summary>The list keeps what sorting everything and cutting would keep.</summary>
public sealed class TopListTests
{
    [Fact]
    public void Keeps_the_first_of_a_sorted_list() => Prop.ForAll(
        ArbMap.Default.ArbFor<(int[] Items, byte Capacity)>(),
        test => Top(test.Items, test.Capacity).SequenceEqual(test.Items.Order().Take(test.Capacity))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(249)]
    [InlineData(250)]
    [InlineData(251)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Keeps_the_first_of_a_thousand(int capacity)
    {
        Random random = new(capacity);
        int[] items = [.. Enumerable.Range(0, 1000).Select(_ => random.Next(300))];
        Assert.Equal(items.Order().Take(capacity), Top(items, capacity));
        Assert.Equal(items.Order().Take(capacity), Top([.. items.Order()], capacity));
        Assert.Equal(items.Order().Take(capacity), Top([.. items.OrderDescending()], capacity));
    }

    private static List<int> Top(int[] items, int capacity)
    {
        TopList<int, Ascending> list = new(capacity, default);
        foreach (int item in items)
        {
            list.Offer(item);
        }
        return list.ToSorted();
    }

    private readonly struct Ascending : IComparer<int>
    {
        public int Compare(int x, int y) => x.CompareTo(y);
    }
}
