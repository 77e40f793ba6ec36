namespace KismetOrleans.Packets.Protocol;

/// <summary>Why a connection ends.</summary>
public enum ByeReason : byte
{
    /// <summary>Agent: a capture file is at its end and all of it is saved.</summary>
    Done,

    /// <summary>Either: the process stops; agents come back.</summary>
    Stopping,

    /// <summary>Server: a newer connection of this UUID took over. Two agents must not take turns: come back late.</summary>
    Superseded,

    /// <summary>Server: this source is not wanted as it is. Come back late.</summary>
    Refused,

    /// <summary>Either: the other side broke the protocol.</summary>
    Protocol,

    /// <summary>Either: something failed here.</summary>
    Failed,
}

/// <summary>The connection ends.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Text">In words, "" where the reason says it all.</param>
public readonly record struct Bye(ByeReason Reason, string Text) : IEdgeMessage<Bye>
{
    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.Bye;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.Byte((byte)Reason);
        to.Text(Text);
    }

    /// <inheritdoc/>
    public static Bye Read(ref MessageReader from)
    {
        byte reason = from.Byte();
        // Of a newer peer, which says more in words.
        return new(reason > (byte)ByeReason.Failed ? ByeReason.Failed : (ByeReason)reason, from.Text());
    }
}
