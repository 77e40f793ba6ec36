namespace KismetOrleans.Engine.Operations;

/// <summary>Places that callers take: so many for all, and no more than a share for each, so that one does not take those of the others. Safe for use by several threads.</summary>
/// <param name="each">Places of a caller.</param>
public sealed class Shares<TCaller>(int most, int each)
    where TCaller : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TCaller, int> _taken = [];
    private int _open;

    /// <summary>Places taken now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Takes a place.</summary>
    /// <param name="isExempt">Whether only the bound for all holds.</param>
    /// <returns>False where there is none left, for all or for this caller.</returns>
    public bool TryEnter(TCaller caller, bool isExempt = false)
    {
        lock (_lock)
        {
            int own = _taken.GetValueOrDefault(caller);
            if (_open >= most || (own >= each && !isExempt))
            {
                return false;
            }
            _open++;
            _taken[caller] = own + 1;
            return true;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(TCaller caller)
    {
        lock (_lock)
        {
            _open--;
            if (--_taken[caller] == 0)
            {
                _ = _taken.Remove(caller);
            }
        }
    }
}
