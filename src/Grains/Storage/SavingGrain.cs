using Orleans.Storage;

namespace KismetOrleans.Grains.Storage;

/// <summary>A grain that saves what changed every few seconds, and when it stops.</summary>
/// <param name="every">How often: what the death of its silo costs.</param>
/// <param name="logger">Told when it cannot be saved.</param>
public abstract partial class SavingGrain(TimeSpan every, ILogger logger) : Grain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ = this.RegisterGrainTimer(static (grain, _) => grain.TrySaveAsync(), this, new GrainTimerCreationOptions(every, every) { Interleave = true });
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => TrySaveAsync();

    /// <summary>Saves what changed since it was saved last.</summary>
    protected abstract Task SaveAsync();

    private async Task TrySaveAsync()
    {
        try
        {
            await SaveAsync();
        }
        catch (InconsistentStateException)
        {
            // The cluster had parted, and another one of this grain has saved: the next life begins with what that one has.
            DeactivateOnIdle();
        }
        catch (Exception e)
        {
            NotSaved(logger, GetType().Name, e);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{grain} was not saved, and is saved again in some seconds")]
    private static partial void NotSaved(ILogger logger, string grain, Exception e);
}

/// <summary>State that changes as a whole.</summary>
internal static class PersistentStates
{
    /// <summary>Replaces a state and saves it. What cannot be saved has not changed.</summary>
    public static async Task ReplaceAsync<T>(this IPersistentState<T> kept, T state)
    {
        T before = kept.State;
        kept.State = state;
        try
        {
            await kept.WriteStateAsync();
        }
        catch
        {
            kept.State = ReferenceEquals(kept.State, state) ? before : kept.State;
            throw;
        }
    }
}
