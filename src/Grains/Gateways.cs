namespace KismetOrleans.Grains;

/// <summary>
/// The gateways that this process reaches the silos by. What is under way through one that dies is never answered, and Orleans tells its caller only when the call's time is over; so whoever
/// can ask again does so when one is lost, whichever his call went through.
/// </summary>
public sealed class Gateways
{
    // What went through another gateway, two of three calls, is answered within that; asking again costs a source all that it has not saved.
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(1);
    private volatile CancellationTokenSource _lost = new();

    /// <summary>Cancelled soon after the next one is lost.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>The number of open connections to gateways has changed.</summary>
    /// <param name="now">How many there are.</param>
    /// <param name="before">How many there were.</param>
    public void Changed(int now, int before)
    {
        if (now < before)
        {
            Interlocked.Exchange(ref _lost, new()).CancelAfter(s_answerWithin);
        }
    }
}
