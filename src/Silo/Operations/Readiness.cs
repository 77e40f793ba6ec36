using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Silo.Operations;

/// <summary>Whether the server can answer: all checks at once, each within a second. Those who ask while others wait share one round.</summary>
internal sealed class Readiness(IReadOnlyList<IReadinessCheck> checks, TimeProvider clock)
{
    // A list query that takes longer than this is no answer to whoever waits for it.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(1);

    // For a check to say what it was waiting for, which is more than that it did.
    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(250);
    private readonly Lock _asking = new();
    private Task<IReadOnlyList<NotReady>>? _round;

    /// <summary>Asks all checks.</summary>
    /// <returns>What is not ready; empty when the server can answer.</returns>
    public Task<IReadOnlyList<NotReady>> AskAsync()
    {
        lock (_asking)
        {
            // Anyone may ask, without a key; many who do must not become many calls to every partition.
            if (_round is null || _round.IsCompleted)
            {
                _round = RoundAsync();
            }
            return _round;
        }
    }

    private async Task<IReadOnlyList<NotReady>> RoundAsync()
    {
        NotReady?[] answers = await Task.WhenAll(checks.Select(AskAsync));
        return [.. answers.OfType<NotReady>()];
    }

    private async Task<NotReady?> AskAsync(IReadinessCheck check)
    {
        using CancellationTokenSource deadline = new(s_timeout, clock);
        try
        {
            // Off this thread: a check that blocks must not hold up the others, nor the lock.
            string? reason = await Task.Run(() => check.CheckAsync(deadline.Token).AsTask()).WaitAsync(s_timeout + s_grace, clock);
            return reason is null ? null : new(check.Name, reason);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && deadline.IsCancellationRequested))
        {
            return new(check.Name, $"no answer within {s_timeout.TotalSeconds} s");
        }
        catch (Exception e)
        {
            return new(check.Name, e.Message);
        }
    }
}

/// <summary>Something that keeps the server from answering.</summary>
/// <param name="Name">Name of the check.</param>
internal sealed record NotReady(string Name, string Reason);
