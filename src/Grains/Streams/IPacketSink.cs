namespace KismetOrleans.Grains.Streams;

/// <summary>A stream in the API server that writes it, as silos see it.</summary>
[Alias("KismetOrleans.IPacketSink")]
public interface IPacketSink : IGrainObserver
{
    /// <summary>What <see cref="TakeAsync"/> answers when nobody reads any more.</summary>
    const long Gone = -1;

    /// <summary>Takes packets of a silo. A call that is repeated counts once.</summary>
    /// <param name="feed">Identity of the silo's part in this stream.</param>
    /// <param name="sequence">Number of the call, from 1; a call that may have been lost is repeated with its number.</param>
    /// <param name="entries">Entries as in <see cref="Engine.Streams.TappedPackets"/>; none to ask how much room there is.</param>
    /// <param name="last">The silo has nothing more.</param>
    /// <returns>Bytes for which there is room then; <see cref="Gone"/>.</returns>
    [Alias("Take")]
    [ResponseTimeout("00:00:05")]
    ValueTask<long> TakeAsync(Guid feed, long sequence, [Immutable] ReadOnlyMemory<byte> entries, bool last);

    /// <summary>The stream was closed by its number.</summary>
    [Alias("End")]
    [ResponseTimeout("00:00:05")]
    ValueTask EndAsync();
}
