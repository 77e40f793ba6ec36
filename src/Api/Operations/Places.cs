using KismetOrleans.Api.Auth;
using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Api.Operations;

/// <summary>Places for requests that last. A caller is a key, and else an address, where the administrator has places of his own. Safe for use by several threads.</summary>
/// <param name="each">Places of a caller.</param>
internal class Places(int most, int each)
{
    private readonly Shares<string> _shares = new(most, each);

    /// <summary>Takes a place.</summary>
    /// <returns>To be disposed at the end; null where there is none left, for all or for this caller.</returns>
    public IDisposable? TryEnter(HttpContext http)
    {
        string caller = http.Login() is { Key: { } key } ? $"key {key.Name}" : $"{(http.Login() is null ? "" : "administrator ")}{Callers.NetworkOf(http.Connection.RemoteIpAddress)}";
        return _shares.TryEnter(caller) ? new Place(_shares, caller) : null;
    }

    private sealed class Place(Shares<string> shares, string caller) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                shares.Leave(caller);
            }
        }
    }
}
