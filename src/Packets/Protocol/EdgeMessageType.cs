namespace KismetOrleans.Packets.Protocol;

/// <summary>What a frame carries. Numbers are for good; a new message gets a new one, which older peers ignore.</summary>
public enum EdgeMessageType : byte
{
    /// <summary>Agent: who it is and what it has. The first message of a connection.</summary>
    Hello = 1,

    /// <summary>Server: admitted, and what it has saved. Answers <see cref="Hello"/>.</summary>
    Welcome = 2,

    /// <summary>Agent: packets.</summary>
    Batch = 3,

    /// <summary>Server: everything up to here is saved for good.</summary>
    Ack = 4,

    /// <summary>Server: send everything from here on again.</summary>
    Rewind = 5,

    /// <summary>Agent: which batch comes next, after <see cref="Welcome"/> or <see cref="Rewind"/>.</summary>
    Continue = 6,

    /// <summary>Server: change channels, pause or go on.</summary>
    Order = 7,

    /// <summary>Agent: what came of an <see cref="Order"/>.</summary>
    OrderResult = 8,

    /// <summary>Agent: how it goes, about once a second.</summary>
    Health = 9,

    /// <summary>Either: the connection ends, and why.</summary>
    Bye = 10,

    /// <summary>Server: what is set for the agent; only to those that say who they are (<see cref="Hello.Agent"/>).</summary>
    Profile = 11,
}

/// <summary>What can be said of messages by their number.</summary>
public static class EdgeMessageTypes
{
    /// <summary>Whether this version knows such messages; others are a newer peer's, and ignored.</summary>
    public static bool IsKnown(this EdgeMessageType type) => type is >= EdgeMessageType.Hello and <= EdgeMessageType.Profile;
}
