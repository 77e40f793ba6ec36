using System.Collections.Concurrent;

namespace KismetOrleans.Api.Auth;

/// <summary>Requests that are answered with a login, so that those that go on for long, as streams do, end when it is worth nothing any more.</summary>
internal sealed class OpenRequests(Logins logins)
{
    private readonly ConcurrentDictionary<long, Entry> _open = new();
    private long _newest;

    public int Count => _open.Count;

    /// <summary>Adds a request, until what is returned is disposed.</summary>
    public Entry Add(HttpContext http, Login login)
    {
        Entry entry = new(this, Interlocked.Increment(ref _newest), http, login);
        _open[entry.Number] = entry;
        return entry;
    }

    /// <summary>Cuts those whose login does not hold any more.</summary>
    public void CutInvalid()
    {
        foreach (Entry entry in _open.Values)
        {
            if (!logins.Holds(entry.Login))
            {
                entry.Cut();
            }
        }
    }

    public sealed class Entry(OpenRequests owner, long number, HttpContext http, Login login) : IDisposable
    {
        private readonly Lock _lock = new();
        private bool _over;

        public Login Login => login;

        internal long Number => number;

        public void Dispose()
        {
            lock (_lock)
            {
                _over = true;
            }
            owner._open.TryRemove(number, out _);
        }

        // Not when it is over: the connection would be another request's.
        internal void Cut()
        {
            lock (_lock)
            {
                if (!_over)
                {
                    http.Abort();
                }
            }
        }
    }
}
