using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>What a connection asks of the source that it serves.</summary>
internal interface ISensorSide
{
    string Name { get; }

    Guid Uuid { get; }

    /// <summary>Whether everything has been captured, spooled and saved, and the agent is not to stay.</summary>
    bool IsDone { get; }

    /// <summary>What the source says of itself.</summary>
    Hello Hello();

    Health Health();

    /// <summary>The server is there: it said something.</summary>
    void Heard();

    /// <summary>The server says what is set for the agent.</summary>
    void Take(Profile profile);

    /// <returns>Why not, in words; null when it was done.</returns>
    Task<string?> CarryOutAsync(Order order, CancellationToken cancellation);
}
