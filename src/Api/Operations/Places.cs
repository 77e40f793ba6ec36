using KismetOrleans.Api.Auth;

namespace KismetOrleans.Api.Operations;

/// <summary>
/// Places for requests that last: so many for all, and no more than a share for each caller, so that one does not take those of the others. A caller is a key, and else an address. Safe for use by
/// several threads.
/// </summary>
/// <param name="most">Places in all.</param>
/// <param name="each">Places of a caller.</param>
internal sealed class Places(int most, int each)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private int _open;

    /// <summary>Takes a place.</summary>
    /// <returns>To be disposed at the end; null where there is none left, for all or for this caller.</returns>
    public IDisposable? TryEnter(HttpContext http)
    {
        string caller = http.Login()?.Key is { } key ? $"key {key.Name}" : http.Connection.RemoteIpAddress?.ToString() ?? "";
        lock (_lock)
        {
            int own = _taken.GetValueOrDefault(caller);
            if (_open >= most || own >= each)
            {
                return null;
            }
            _open++;
            _taken[caller] = own + 1;
        }
        return new Place(this, caller);
    }

    private void Leave(string caller)
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

    private sealed class Place(Places owner, string caller) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                owner.Leave(caller);
            }
        }
    }
}
