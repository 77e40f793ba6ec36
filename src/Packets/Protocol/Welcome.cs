namespace KismetOrleans.Packets.Protocol;

/// <summary>The server admits a source.</summary>
/// <param name="Number">Number of the source there.</param>
/// <param name="SavedBootId">Life of the newest batch that is saved; 0 when none is.</param>
/// <param name="SavedSequence">Its number.</param>
/// <param name="WindowBatches">Batches that may be sent without hearing that they are saved; 1 or more.</param>
/// <param name="WindowBytes">Bytes of their frames; one frame is always allowed.</param>
/// <param name="AckSeconds">How often the server acknowledges, also when nothing new is saved; 0 of older servers: only then.</param>
public readonly record struct Welcome(ushort Number, ulong SavedBootId, ulong SavedSequence, int WindowBatches, int WindowBytes, int AckSeconds = 0) : IEdgeMessage<Welcome>
{
    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.Welcome;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.UInt32(Number);
        to.UInt64(SavedBootId);
        to.UInt64(SavedSequence);
        to.UInt32((uint)WindowBatches);
        to.UInt32((uint)WindowBytes);
        to.UInt32((uint)AckSeconds);
    }

    /// <inheritdoc/>
    public static Welcome Read(ref MessageReader from) => new(
        (ushort)from.UInt32(), from.UInt64(), from.UInt64(),
        (int)Math.Clamp(from.UInt32(), 1, int.MaxValue), (int)Math.Clamp(from.UInt32(), 1, int.MaxValue),
        from.HasMore ? (int)Math.Min(from.UInt32(), int.MaxValue) : 0);
}
