namespace KismetOrleans.Grains;

/// <summary>Does one thing again and again while the process runs, one at a time. What goes wrong is told, and done again the next time.</summary>
/// <param name="atOnce">Whether the first time is at the start.</param>
public abstract class PeriodicService(TimeSpan every, TimeProvider clock, bool atOnce = false) : BackgroundService
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The process's clock.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>Does it once more, now.</summary>
    /// <param name="isDone">Asked first when it is this one's turn: another may have done what was wanted.</param>
    public async Task DoNowAsync(Func<bool>? isDone = null)
    {
        await _turn.WaitAsync();
        try
        {
            if (isDone?.Invoke() is not true)
            {
                await DoAsync();
            }
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    /// <summary>Does it once.</summary>
    protected abstract Task DoAsync();

    /// <summary>Tells what went wrong.</summary>
    protected abstract void LogFault(Exception e);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(every, clock);
        try
        {
            bool due = atOnce || await timer.WaitForNextTickAsync(stoppingToken);
            for (; due; due = await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await DoNowAsync();
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    LogFault(e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way in which it ends.
        }
    }
}
