using KismetOrleans.Grains.Partitions;

namespace KismetOrleans.Grains.Tests.Partitions;

/// <summary>A frame is a duplicate within the window, of whichever source; forgetting one only ever makes a duplicate count as new.</summary>
public sealed class DuplicateFilterTests
{
    private const long Second = 1_000_000_000;
    private const long T0 = 1_700_000_000 * Second;

    [Fact]
    public void The_same_source_hears_again()
    {
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 1024);
        Assert.Equal(Hearing.First, filter.Hear(7, T0, 1));
        Assert.Equal(Hearing.Again, filter.Hear(7, T0 + 1, 1));
    }

    [Fact]
    public void Another_source_hears_elsewhere_and_the_first_one_stays_the_first()
    {
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 1024);
        filter.Hear(7, T0, 1);
        Assert.Equal(Hearing.Elsewhere, filter.Hear(7, T0 + 1, 2));
        Assert.Equal(Hearing.Elsewhere, filter.Hear(7, T0 + 2, 2));
        Assert.Equal(Hearing.Again, filter.Hear(7, T0 + 3, 1));
    }

    [Theory]
    [InlineData(2 * Second, false)]
    [InlineData((2 * Second) + 1, true)]
    [InlineData(-2 * Second, false)]
    [InlineData((-2 * Second) - 1, true)]
    public void The_window_closes_after_its_last_nanosecond_in_both_directions(long later, bool first)
    {
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 1024);
        filter.Hear(7, T0, 1);
        Assert.Equal(first ? Hearing.First : Hearing.Again, filter.Hear(7, T0 + later, 1));
    }

    [Fact]
    public void A_frame_after_the_window_opens_a_window_of_its_own()
    {
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 1024);
        filter.Hear(7, T0, 1);
        Assert.Equal(Hearing.First, filter.Hear(7, T0 + (3 * Second), 2));
        Assert.Equal(Hearing.Again, filter.Hear(7, T0 + (4 * Second), 2));
        Assert.Equal(Hearing.Elsewhere, filter.Hear(7, T0 + (5 * Second), 1));
    }

    [Fact]
    public void A_stream_of_hearings_does_not_keep_the_window_open()
    {
        // Else a beacon without timer that is sent each second would count once for good.
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 1024);
        Hearing[] hearings = [.. Enumerable.Range(0, 7).Select(i => filter.Hear(7, T0 + (i * Second), 1))];
        Assert.Equal([Hearing.First, Hearing.Again, Hearing.Again, Hearing.First, Hearing.Again, Hearing.Again, Hearing.First], hearings);
    }

    [Fact]
    public void The_oldest_entry_of_a_full_set_makes_room()
    {
        // Four ways: with a capacity of four, all hashes share one set.
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 4);
        ulong[] hashes = [11, 12, 13, 14];
        for (int i = 0; i < 4; i++)
        {
            filter.Hear(hashes[i], T0 + i, 1);
        }
        Assert.Equal(Hearing.First, filter.Hear(15, T0 + 4, 1));
        Assert.Equal(Hearing.Again, filter.Hear(12, T0 + 5, 1));
        Assert.Equal(Hearing.Again, filter.Hear(15, T0 + 5, 1));
        Assert.Equal(Hearing.First, filter.Hear(11, T0 + 5, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(5000)]
    public void Eviction_never_makes_a_new_frame_a_duplicate(int capacity)
    {
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), capacity);
        Dictionary<ulong, long> heard = [];
        Random random = new(capacity);
        for (int i = 0; i < 50_000; i++)
        {
            ulong hash = (ulong)random.Next(1, 8192) * 0x9E37_79B9_7F4A_7C15;
            long time = T0 + (i * 1_000_000L);
            if (filter.Hear(hash, time, 1) == Hearing.First)
            {
                heard[hash] = time;
            }
            else
            {
                Assert.True(heard.TryGetValue(hash, out long before) && time - before <= 2 * Second);
            }
        }
    }

    [Fact]
    public void Within_its_capacity_it_forgets_next_to_nothing()
    {
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 64 * 1024);
        Random random = new(1);
        ulong[] hashes = [.. Enumerable.Range(0, 16 * 1024).Select(_ => (ulong)random.NextInt64(1, long.MaxValue))];
        foreach (ulong hash in hashes)
        {
            Assert.Equal(Hearing.First, filter.Hear(hash, T0, 1));
        }
        int forgotten = hashes.Count(hash => filter.Hear(hash, T0 + 1, 1) == Hearing.First);
        // A quarter full, four ways: a Poisson tail of 0.4 %.
        Assert.InRange(forgotten, 0, hashes.Length / 100);
    }
}
