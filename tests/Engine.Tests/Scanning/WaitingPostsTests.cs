using KismetOrleans.Engine.Scanning;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>Who posts without end waits for himself; others have their turn.</summary>
public sealed class WaitingPostsTests
{
    private static readonly ScanIntakeOptions s_options = new() { MaxEntryBytes = 64 * 1024, MaxWaitingBytes = 256 * 1024 };

    [Fact]
    public async Task Who_comes_after_many_posts_of_another_is_among_the_next_that_are_taken()
    {
        WaitingPosts posts = new(s_options);
        while (posts.TryAdd(Large("flood"), 1) is not null)
        {
        }
        ScanPost other = Large("other");
        Assert.NotNull(posts.TryAdd(other, 2));
        Assert.True(await posts.WaitAsync());
        List<WaitingPost> taken = posts.Take();
        Assert.Contains(taken, post => post.Post == other);
        // A quarter of an entry, and what goes over it.
        Assert.InRange(taken.Where(static post => post.Source == 1).Sum(static post => post.Bytes), 1, (s_options.MaxEntryBytes / 4) + Large("").Length);
    }

    [Fact]
    public void One_caller_takes_not_all_of_the_room()
    {
        WaitingPosts posts = new(s_options);
        while (posts.TryAdd(Large("flood"), 1) is not null)
        {
        }
        Assert.InRange(posts.Bytes, (s_options.MaxWaitingBytes / 2) - Large("").Length, s_options.MaxWaitingBytes / 2);
        // His share and no more, each, until there is none left for anybody.
        foreach (string caller in (string[])["a", "b"])
        {
            long before = posts.Bytes;
            while (posts.TryAdd(Large(caller), 2) is not null)
            {
            }
            Assert.InRange(posts.Bytes - before, (s_options.MaxWaitingBytes / 4) - Large("").Length, s_options.MaxWaitingBytes / 4);
        }
        Assert.Null(posts.TryAdd(Large("a"), 2));
        while (posts.TryAdd(Large("c"), 3) is not null)
        {
        }
        Assert.InRange(posts.Bytes, s_options.MaxWaitingBytes - Large("").Length, s_options.MaxWaitingBytes);
        Assert.Null(posts.TryAdd(Large("d"), 4));
    }

    [Fact]
    public async Task Who_has_much_between_journal_and_partitions_is_passed_by()
    {
        WaitingPosts posts = new(s_options);
        List<WaitingPost> under = [];
        while (posts.TryAdd(Large("flood"), 1) is not null)
        {
        }
        for (List<WaitingPost> taken = posts.Take(); taken.Count > 0; taken = posts.Take())
        {
            under.AddRange(taken);
        }
        Assert.InRange(under.Sum(static post => post.Bytes), s_options.MaxEntryBytes, s_options.MaxEntryBytes + Large("").Length);
        Assert.NotEqual(0, posts.Count);
        Task<bool> waits = posts.WaitAsync().AsTask();
        Assert.False(waits.IsCompleted);
        ScanPost other = Large("other");
        Assert.NotNull(posts.TryAdd(other, 2));
        Assert.True(await waits.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal([other], posts.Take().Select(static post => post.Post));
        posts.Applied(under);
        Assert.True(await posts.WaitAsync());
        Assert.All(posts.Take(), static post => Assert.Equal(1, post.Source));
    }

    [Fact]
    public async Task What_was_added_is_taken_in_order_and_to_the_end()
    {
        WaitingPosts posts = new(s_options);
        ScanPost[] added = [.. Enumerable.Range(0, 30).Select(static _ => Large("one"))];
        foreach (ScanPost post in added)
        {
            Assert.NotNull(posts.TryAdd(post, 1));
        }
        posts.Complete();
        Assert.Throws<IOException>(() => posts.TryAdd(Large("late"), 1));
        List<ScanPost> taken = [];
        while (await posts.WaitAsync())
        {
            List<WaitingPost> next = posts.Take();
            taken.AddRange(next.Select(static post => post.Post));
            posts.Applied(next);
        }
        Assert.Equal(added, taken);
        Assert.Equal((0L, 0), (posts.Bytes, posts.Count));
    }

    [Fact]
    public void A_post_that_is_larger_than_all_of_the_room_is_taken_when_there_is_no_other()
    {
        WaitingPosts posts = new(s_options with { MaxWaitingBytes = 64 * 1024 });
        ScanPost huge = ScanPosts.WiFi([.. Enumerable.Range(0, 4000).Select(static i => Report(i))]);
        Assert.InRange(huge.Length, 64 * 1024, int.MaxValue);
        Assert.NotNull(posts.TryAdd(huge, 1));
        Assert.Null(posts.TryAdd(Large("other"), 1));
        Assert.Equal(huge, posts.Take().Single().Post);
    }

    // Some kilobytes.
    private static ScanPost Large(string caller)
    {
        ScanPost post = ScanPosts.WiFi([.. Enumerable.Range(0, 60).Select(static i => Report(i))]);
        post.Caller = caller;
        return post;
    }

    private static string Report(int number) => $$"""{"bssid":"02:00:00:00:{{number >> 8:X2}}:{{number & 255:X2}}","ssid":"x","channel":"6","signal":-60}""";
}
