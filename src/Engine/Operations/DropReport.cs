namespace KismetOrleans.Engine.Operations;

/// <summary>Hands a total that only grows to <see cref="Meters.Dropped"/>. One caller at a time.</summary>
/// <param name="reason">Where packets are lost.</param>
/// <param name="reported">Total that was reported before; null for the first one that comes, as of a sensor that another process has reported.</param>
public sealed class DropReport(DropReason reason, ulong? reported)
{
    private ulong? _reported = reported;

    /// <summary>Tells what was added since the last call.</summary>
    /// <param name="total">Lost so far; less than before where whoever counts began anew.</param>
    public void Report(ulong total)
    {
        if (_reported is { } before)
        {
            Meters.Dropped(reason, (long)(total < before ? total : total - before));
        }
        _reported = total;
    }
}
