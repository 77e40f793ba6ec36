namespace KismetOrleans.Grains;

/// <summary>Does one thing again and again while the process runs. What goes wrong is told, and done again the next time.</summary>
/// <param name="every">How often.</param>
/// <param name="clock">The process's clock.</param>
/// <param name="atOnce">Whether the first time is at the start.</param>
public abstract class PeriodicService(TimeSpan every, TimeProvider clock, bool atOnce = false) : BackgroundService
{
    /// <summary>The process's clock.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>Does it once.</summary>
    protected abstract Task DoAsync();

    /// <summary>Tells what went wrong.</summary>
    protected abstract void Tell(Exception e);

    /// <inheritdoc/>
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
                    await DoAsync();
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    Tell(e);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The way in which it ends.
        }
    }
}
