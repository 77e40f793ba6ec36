using FsCheck;
using FsCheck.Fluent;
using KismetOrleans.Engine.Partitions;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>The list keeps what sorting everything and cutting would keep.</summary>
public sealed class TopListTests
{
    [Fact]
    public void Keeps_the_first_of_a_sorted_list() => Prop.ForAll(
        ArbMap.Default.ArbFor<(int[] Items, byte Capacity)>(),
        test => Top(test.Items, test.Capacity).SequenceEqual(test.Items.Order().Take(test.Capacity))).QuickCheckThrowOnFailure();

    // Items gather before the first ones are selected, so it takes thousands to reach that.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1024)]
    [InlineData(4999)]
    [InlineData(5000)]
    [InlineData(9000)]
    public void Keeps_the_first_of_thousands_in_whatever_order_they_come(int capacity)
    {
        const int Count = 5000;
        Random random = new(capacity);
        foreach (int range in (int[])[1, 300, int.MaxValue])
        {
            int[] items = [.. Enumerable.Range(0, Count).Select(_ => random.Next(range))];
            int[] sorted = [.. items.Order()];
            Assert.Equal(sorted.Take(capacity), Top(items, capacity));
            Assert.Equal(sorted.Take(capacity), Top(sorted, capacity));
            Assert.Equal(sorted.Take(capacity), Top([.. sorted.Reverse()], capacity));
            // Up and down again, as two merged lists would come.
            Assert.Equal(sorted.Take(capacity), Top([.. sorted.Where((_, i) => i % 2 == 0), .. sorted.Where((_, i) => i % 2 == 1).Reverse()], capacity));
        }
    }

    [Fact]
    public void Keeps_the_first_of_many_random_lists()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            int capacity = random.Next(1, 400);
            int[] items = [.. Enumerable.Range(0, random.Next(1500, 6000)).Select(_ => random.Next())];
            Assert.Equal(items.Order().Take(capacity), Top(items, capacity));
        }
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
