using Microsoft.AspNetCore.Connections;

namespace KismetOrleans.Silo.Hosting;

/// <summary>Counts open connections.</summary>
public sealed class ConnectionCount
{
    private int _open;

    /// <summary>Connections open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Connection middleware that counts.</summary>
    internal ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _open);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };
}
