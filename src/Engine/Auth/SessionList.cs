namespace KismetOrleans.Engine.Auth;

/// <summary>
/// The administrator's sessions: which there are, and that they can be ended. What is made and ended here is written by <see cref="KeepAsync"/>, so that
/// no login waits for the store. Safe for use by several threads.
/// </summary>
public sealed class SessionList(Accounts accounts, IAuthStore store, TimeProvider clock) : IDisposable
{
    /// <summary>How long a session outlives its end in the store: clocks of servers differ.</summary>
    internal static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _keeping = new(1);

    /// <summary>Whether something is to be written and nobody is at it.</summary>
    public bool HasUnkept => accounts.Unkept.HasAny && _keeping.CurrentCount > 0;

    /// <summary>Writes what the store does not know yet. What it refuses for good is not in the list; what is ended stays ended here and is tried again.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        await KeepEndedAsync(cancellation);
        await KeepMadeAsync(cancellation);
    }

    /// <summary>The newest sessions that hold, of all servers, newest first.</summary>
    /// <exception cref="TimeoutException">The store does not answer.</exception>
    public async Task<IReadOnlyList<LoginSession>> LoadAsync()
    {
        // Before the store is asked: what is written meanwhile would be in neither.
        LoginSession[] made = accounts.Unkept.Made;
        IReadOnlyList<LoginSession> kept = await Accounts.WithTimeoutAsync(async cancellation => await store.LoadSessionsAsync(cancellation));
        return [.. kept.Concat(made).DistinctBy(static session => session.Token.Id).Where(accounts.Holds)
            .OrderByDescending(static session => session.Token.Made).ThenBy(static session => session.Token.Id).Take(LoginSession.MaxKept)];
    }

    /// <summary>Ends a session of the list.</summary>
    /// <returns>False when there is none of this number.</returns>
    /// <exception cref="TimeoutException">The store does not answer; when it had told of the session, this is ended here, and elsewhere once the store answers.</exception>
    public async Task<bool> EndAsync(ulong id)
    {
        if ((await LoadAsync()).FirstOrDefault(session => session.Token.Id == id) is not { } found)
        {
            return false;
        }
        await EndAsync(found.Token);
        return true;
    }

    /// <summary>Ends a session: here at once.</summary>
    /// <exception cref="TimeoutException">The store does not answer; elsewhere it ends once the store answers.</exception>
    public Task EndAsync(SessionToken session)
    {
        accounts.Unkept.End(session);
        return Accounts.WithTimeoutAsync(async cancellation =>
        {
            await KeepEndedAsync(cancellation);
            return true;
        });
    }

    /// <summary>Ends all sessions, whether or not they are in the list, except one.</summary>
    /// <param name="except">The one; null for none.</param>
    /// <exception cref="TimeoutException">The store does not answer; it may or may not be done.</exception>
    public Task EndOthersAsync(SessionToken? except) =>
        accounts.ChangeAsync(async cancellation =>
        {
            // Servers' clocks differ: those that are ahead of this one's are ended by their numbers, which the store must know.
            await KeepAsync(cancellation);
            await store.EndAllSessionsAsync(accounts.NextSecond(), except?.Id ?? 0, cancellation);
            return true;
        });

    public void Dispose() => _keeping.Dispose();

    private async Task KeepEndedAsync(CancellationToken cancellation)
    {
        await _keeping.WaitAsync(cancellation);
        try
        {
            if (accounts.Unkept.Ended is { Length: > 0 } ended)
            {
                await store.EndSessionsAsync(ended, Forgotten(), cancellation);
                // There is no moment in which nobody knows.
                await accounts.RefreshAsync(cancellation);
                accounts.Unkept.ForgetEnded(ended);
            }
        }
        finally
        {
            _keeping.Release();
        }
    }

    private async Task KeepMadeAsync(CancellationToken cancellation)
    {
        await _keeping.WaitAsync(cancellation);
        try
        {
            if (accounts.Unkept.Made is { Length: > 0 } made)
            {
                try
                {
                    await store.AddSessionsAsync(made, Forgotten(), cancellation);
                }
                catch (OperationCanceledException)
                {
                    throw;
                }
                catch
                {
                    accounts.Unkept.ForgetMade(made);
                    throw;
                }
                accounts.Unkept.ForgetMade(made);
            }
        }
        finally
        {
            _keeping.Release();
        }
    }

    private long Forgotten() => clock.GetUtcNow().Subtract(Margin).ToUnixTimeSeconds();
}
