namespace KismetOrleans.Grains.Partitions;

/// <summary>Asks again while a silo is on its way out or a partition on its way to another: for questions, which can be asked twice.</summary>
public static class Patience
{
    // A silo's death is found out in about four seconds, and its partitions are loaded elsewhere in a few more.
    private static readonly TimeSpan s_atMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks.</summary>
    /// <param name="ask">The question.</param>
    /// <exception cref="OrleansException">There was no answer for a time after which a caller will not wait any longer.</exception>
    public static async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> ask)
    {
        long since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (IsPassing(e) && TimeProvider.System.GetElapsedTime(since) < s_atMost)
            {
                await Task.Delay(s_pause);
            }
        }
    }

    /// <summary>Whether a fault is one of a cluster that is changing, not of the question.</summary>
    public static bool IsPassing(Exception e) => e is OrleansException or TimeoutException;
}
