namespace KismetOrleans.Packets.Protocol;

/// <summary>Everything up to here is saved: the agent may forget it.</summary>
/// <param name="BootId">Life of the batch.</param>
/// <param name="Sequence">Its number.</param>
public readonly record struct Ack(ulong BootId, ulong Sequence) : IEdgeMessage<Ack>
{
    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.Ack;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.UInt64(BootId);
        to.UInt64(Sequence);
    }

    /// <inheritdoc/>
    public static Ack Read(ref MessageReader from) => new(from.UInt64(), from.UInt64());
}

/// <summary>The server wants batches again. What is on its way already it ignores until the <see cref="Continue"/> with the same number.</summary>
/// <param name="Id">Number of the request; 0 is that of the beginning.</param>
/// <param name="Sequence">First batch that it wants.</param>
public readonly record struct Rewind(uint Id, ulong Sequence) : IEdgeMessage<Rewind>
{
    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.Rewind;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.UInt32(Id);
        to.UInt64(Sequence);
    }

    /// <inheritdoc/>
    public static Rewind Read(ref MessageReader from) => new(from.UInt32(), from.UInt64());
}

/// <summary>From here on batches come in order again.</summary>
/// <param name="RewindId">Number of the <see cref="Rewind"/> that this follows, 0 after <see cref="Welcome"/>.</param>
/// <param name="Sequence">The next batch; later than what was wanted where the spool has lost some.</param>
public readonly record struct Continue(uint RewindId, ulong Sequence) : IEdgeMessage<Continue>
{
    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.Continue;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.UInt32(RewindId);
        to.UInt64(Sequence);
    }

    /// <inheritdoc/>
    public static Continue Read(ref MessageReader from) => new(from.UInt32(), from.UInt64());
}
