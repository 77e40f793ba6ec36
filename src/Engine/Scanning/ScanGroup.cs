namespace KismetOrleans.Engine.Scanning;

/// <summary>Posts that were journaled as one entry.</summary>
internal sealed class ScanGroup(ScanEntry entry)
{
    private readonly TaskCompletionSource _visible = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ScanEntry Entry { get; } = entry;
    public ulong Sequence { get; set; }
    public List<KeyValuePair<ushort, int>> Reports { get; } = [];
    public List<WaitingPost> Posts { get; } = [];

    /// <summary>Completes when queries show the reports.</summary>
    public Task Visible => _visible.Task;

    /// <summary>Completes when an answer should not wait any longer.</summary>
    public Task Answerable { get; set; } = Task.CompletedTask;

    /// <summary>Queries show the reports from now on.</summary>
    public void SetVisible() => _visible.TrySetResult();

    /// <summary>Nobody will apply them in this process.</summary>
    public void SetLost(Exception fault) => _visible.TrySetException(fault);
}
