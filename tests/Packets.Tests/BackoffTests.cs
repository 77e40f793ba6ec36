namespace KismetOrleans.Packets.Tests;

public sealed class BackoffTests
{
    [Fact]
    public void Whoever_was_away_for_long_waits_no_longer_than_that_and_30_seconds_at_most()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Backoff backoff = new(new Random(seed));
            TimeSpan away = TimeSpan.Zero;
            TimeSpan longest = TimeSpan.Zero;
            for (int attempt = 0; attempt < 60; attempt++)
            {
                TimeSpan wait = backoff.Next();
                Assert.InRange(wait, TimeSpan.Zero, Min(away + TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30)));
                away += wait;
                longest = wait > longest ? wait : longest;
            }
            Assert.True(longest > TimeSpan.FromSeconds(15), $"{longest}");
            backoff.Reset();
            Assert.True(backoff.Next() <= TimeSpan.FromSeconds(0.5));
        }

        static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
    }

    [Fact]
    public void A_thousand_that_lose_their_server_together_come_back_over_the_time_it_was_gone()
    {
        // When each of them is back, with a server that is gone for five seconds.
        TimeSpan gone = TimeSpan.FromSeconds(5);
        double[] back = [.. Enumerable.Range(0, 1000).Select(seed =>
        {
            Backoff backoff = new(new Random(seed));
            TimeSpan at = TimeSpan.Zero;
            while (at < gone)
            {
                at += backoff.Next();
            }
            return at.TotalSeconds;
        })];
        Assert.True(back.Max() < 2 * gone.TotalSeconds + 1, $"{back.Max()}");
        Assert.True(back.GroupBy(static at => (int)(at * 10)).Max(static tenth => tenth.Count()) < 150);
    }
}
