using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tests.Partitions;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>A partition that is done with a batch when it is told to be.</summary>
internal sealed class FakePartition : UnaskedPartition
{
    /// <summary>What comes of a batch in which nothing is new.</summary>
    public static readonly BatchOutcome Nothing = new(1, [], 0, []);

    private TaskCompletionSource<BatchOutcome>? _pending;

    /// <summary>Is done with every batch at once.</summary>
    public bool Immediate { get; init; }

    /// <summary>Sequence numbers of the frames of each batch, as they were when it came.</summary>
    public List<ushort[]> Applied { get; } = [];

    /// <summary>The batch that it is not done with.</summary>
    public ObservationBatch? Held { get; private set; }

    public override ValueTask<BatchOutcome> ApplyAsync(ObservationBatch batch)
    {
        Assert.Null(Held);
        Applied.Add([.. batch.Items.ToArray().Select(o => o.Frame.Sequence)]);
        if (Immediate)
        {
            return new(Nothing);
        }
        Held = batch;
        _pending = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return new(_pending.Task);
    }

    /// <summary>What it says when it is asked whether a batch is on disk.</summary>
    public bool Flushed { get; set; } = true;

    public override ValueTask<bool> FlushAsync(ulong feed, ulong bootId, ulong sequence) => new(Flushed);

    public void Finish(params MessageRecord[] messages) => Release().SetResult(Nothing with { Messages = messages });

    public void Finish(BatchOutcome outcome) => Release().SetResult(outcome);

    public void Fail(Exception fault) => Release().SetException(fault);

    private TaskCompletionSource<BatchOutcome> Release()
    {
        Held = null;
        return _pending!;
    }
}
