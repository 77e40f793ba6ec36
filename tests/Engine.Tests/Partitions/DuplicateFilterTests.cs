using KismetOrleans.Engine.Partitions;

namespace KismetOrleans.Engine.Tests.Partitions;

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
    public void The_older_half_makes_room()
    {
        // Two tables of four slots, of which three are used.
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 6);
        Assert.Equal(6, filter.Capacity);
        for (ulong hash = 1; hash <= 7; hash++)
        {
            Assert.Equal(Hearing.First, filter.Hear(hash, T0, 1));
        }
        Assert.All([4, 5, 6, 7], hash => Assert.Equal(Hearing.Again, filter.Hear((ulong)hash, T0, 1)));
        Assert.Equal(Hearing.First, filter.Hear(1, T0, 1));
    }

    [Fact]
    public void A_source_that_is_far_behind_hears_what_another_one_heard()
    {
        // 100,000 frames in 100 s, every tenth of them the same acknowledgement, which counts once in each 2 s.
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 100_000);
        int[] counted = new int[4];
        for (ushort source = 1; source <= 3; source++)
        {
            for (int i = 0; i < 100_000; i++)
            {
                ulong hash = i % 10 == 0 ? 1 : (ulong)i * 0x9E37_79B9_7F4A_7C15;
                counted[source] += filter.Hear(hash, T0 + (i * 1_000_000L), source) == Hearing.First ? 1 : 0;
            }
        }
        Assert.Equal([0, 90_000 + 50, 0, 0], counted);
    }

    [Fact]
    public void What_was_saved_is_known_after_a_restart()
    {
        DuplicateFilter before = new(TimeSpan.FromSeconds(2), 1024) { KeepsLearnt = true };
        for (int i = 0; i < 500; i++)
        {
            before.Hear(7, T0 + (i * Second), 1);
        }
        DuplicateFilter after = new(TimeSpan.FromSeconds(2), 1024);
        after.Restore(before.TakeLearnt());
        for (int i = 0; i < 500; i++)
        {
            Assert.Equal(Hearing.Elsewhere, after.Hear(7, T0 + (i * Second), 2));
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_it_has_grown()
    {
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 3000);
        ulong hash = 0;
        void Hear(int count)
        {
            for (int i = 0; i < count; i++)
            {
                filter.Hear(++hash, T0, 1);
            }
        }
        Hear(10_000);
        // The least of some: a collection that another test causes can be charged to this thread.
        Assert.True(Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Hear(100_000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }) <= 0);
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
    public void Within_its_capacity_it_forgets_nothing()
    {
        DuplicateFilter filter = new(TimeSpan.FromSeconds(2), 64 * 1024);
        Random random = new(1);
        ulong[] hashes = [.. Enumerable.Range(0, 64 * 1024).Select(_ => (ulong)random.NextInt64(1, long.MaxValue))];
        foreach (ulong hash in hashes)
        {
            Assert.Equal(Hearing.First, filter.Hear(hash, T0, 1));
        }
        Assert.All(hashes, hash => Assert.Equal(Hearing.Again, filter.Hear(hash, T0 + 1, 1)));
    }
}
