using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;

namespace KismetOrleans.Engine.Operations;

/// <summary>Every partition answers a count.</summary>
public sealed class PartitionsCheck(IReadOnlyList<IDevicePartition> partitions) : IReadinessCheck
{
    // More names than this help nobody; the count says how bad it is.
    private const int NamedAtMost = 8;

    // By partition: an old call that still hangs is waited for again, instead of another beside it at every probe.
    private readonly Task<PartitionCounts>?[] _calls = new Task<PartitionCounts>?[partitions.Count];

    public string Name => "partitions";

    public async ValueTask<string?> CheckAsync(CancellationToken cancellation)
    {
        for (int i = 0; i < _calls.Length; i++)
        {
            if (_calls[i] is not { IsCompleted: false })
            {
                _calls[i] = AskAsync(partitions[i]);
            }
        }
        try
        {
            await Task.WhenAll(_calls!).WaitAsync(cancellation);
            return null;
        }
        catch (Exception)
        {
            // Told below, by partition.
        }
        int[] silent = [.. Enumerable.Range(0, _calls.Length).Where(i => !_calls[i]!.IsCompletedSuccessfully)];
        string? fault = _calls.Select(static call => call!.Exception?.InnerException?.Message).FirstOrDefault(static message => message is not null);
        return $"{silent.Length} of {_calls.Length} do not answer: {string.Join(", ", silent.Take(NamedAtMost))}"
            + (silent.Length > NamedAtMost ? ", …" : "") + (fault is null ? "" : $" ({fault})");
    }

    private static async Task<PartitionCounts> AskAsync(IDevicePartition partition) => await partition.CountAsync();
}

/// <summary>The database answers: the server's identity is read from it.</summary>
public sealed class StorageCheck(ISourceStore store) : IReadinessCheck
{
    // One that still hangs is waited for again, instead of another connection beside it at every probe.
    private Task<Guid>? _call;

    public string Name => "storage";

    public async ValueTask<string?> CheckAsync(CancellationToken cancellation)
    {
        if (_call is not { IsCompleted: false })
        {
            _call = store.ServerUuidAsync(CancellationToken.None).AsTask();
        }
        _ = await _call.WaitAsync(cancellation);
        return null;
    }
}
