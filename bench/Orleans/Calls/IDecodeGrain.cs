using KismetOrleans.Engine.Observations;
using KismetOrleans.Grains.Placement;
using Orleans.Concurrency;

namespace KismetOrleans.Calls;

/// <summary>Takes what a partition takes, and only reads it: what remains is the price of the way.</summary>
[Alias("KismetOrleans.Calls.IDecodeGrain")]
public interface IDecodeGrain : IGrainWithIntegerKey
{
    [Alias("Decode")]
    ValueTask<int> DecodeAsync([Immutable] ReadOnlyMemory<byte> batch);
}

/// <inheritdoc/>
[Reentrant]
[PartitionPlacement]
public sealed class DecodeGrain : Grain, IDecodeGrain
{
    private readonly ObservationBatch _batch = new();

    public ValueTask<int> DecodeAsync(ReadOnlyMemory<byte> batch)
    {
        ObservationCodec.Read(batch.Span, _batch);
        return new(_batch.Count);
    }
}
