namespace KismetOrleans.Packets.Protocol;

/// <summary>A message other than a batch.</summary>
/// <typeparam name="T">The message itself.</typeparam>
public interface IEdgeMessage<T> where T : IEdgeMessage<T>
{
    /// <summary>Its number.</summary>
    static abstract EdgeMessageType Type { get; }

    /// <summary>Writes its fields in order.</summary>
    void Write(MessageWriter to);

    /// <summary>Reads its fields in order.</summary>
    static abstract T Read(ref MessageReader from);
}
