using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Engine.Scanning;

/// <summary>Adds reports up by source and hands the sums on, one call at a time.</summary>
internal sealed class SourceCounts(ISourceRegistry sources)
{
    private readonly Lock _lock = new();
    private Dictionary<ushort, int> _sums = [];
    private Task _sending = Task.CompletedTask;

    public void Add(ushort source, int reports)
    {
        lock (_lock)
        {
            _sums[source] = _sums.GetValueOrDefault(source) + reports;
        }
    }

    /// <summary>Hands the sums on, unless the last ones are still on their way; then they go with the next.</summary>
    public Task SendAsync()
    {
        lock (_lock)
        {
            return _sums.Count == 0 || !_sending.IsCompleted ? _sending : _sending = TakeAndSendAsync();
        }
    }

    private async Task TakeAndSendAsync()
    {
        Dictionary<ushort, int> sums = _sums;
        _sums = [];
        try
        {
            await sources.CountAsync([.. sums]);
        }
        catch (Exception)
        {
            // The registry cannot be reached: the counts go with the next ones.
            foreach ((ushort source, int reports) in sums)
            {
                Add(source, reports);
            }
        }
    }
}
