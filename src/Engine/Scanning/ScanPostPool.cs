using System.Collections.Concurrent;
using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Engine.Scanning;

/// <summary>Posts that are used again.</summary>
public sealed class ScanPostPool
{
    // Posts that are under way together: more than a server answers at a time only cost memory here.
    private const int MaxKept = 64;
    private const int MaxKeptBytes = 1024 * 1024;
    private readonly ConcurrentBag<ScanPost> _posts = [];

    /// <summary>An empty post.</summary>
    public ScanPost Take(VirtualKind kind, TimeProvider clock)
    {
        ScanPost post = _posts.TryTake(out ScanPost? kept) ? kept : new();
        post.Reset(kind, (clock.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100);
        return post;
    }

    /// <summary>Takes a post back.</summary>
    public void Return(ScanPost post)
    {
        if (_posts.Count < MaxKept && post.Capacity <= MaxKeptBytes)
        {
            _posts.Add(post);
        }
    }
}
