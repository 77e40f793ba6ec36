namespace KismetOrleans.Grains;

/// <summary>
/// The gateways that this process reaches the silos by. What is under way through one that dies is never answered, and Orleans tells its caller only when the call's time is over; so whoever
/// can ask again does so when one is lost, whichever his call went through.
/// </summary>
public sealed class Gateways
{
    private volatile CancellationTokenSource _lost = new();

    /// <summary>Cancelled when the next one is lost.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>The number of open connections to gateways has changed.</summary>
    /// <param name="now">How many there are.</param>
    /// <param name="before">How many there were.</param>
    public void Changed(int now, int before)
    {
        if (now < before)
        {
            Interlocked.Exchange(ref _lost, new()).Cancel();
        }
    }
}
