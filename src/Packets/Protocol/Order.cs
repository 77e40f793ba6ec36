namespace KismetOrleans.Packets.Protocol;

/// <summary>What a source can be told to do.</summary>
public enum OrderKind : byte
{
    /// <summary>Stay on <see cref="Order.Channel"/>.</summary>
    SetChannel,

    /// <summary>Hop.</summary>
    SetHop,

    /// <summary>Drop what is captured, until resumed; a capture file waits.</summary>
    Pause,

    /// <summary>Capture again.</summary>
    Resume,

    /// <summary>Let go of the interface; a capture file waits.</summary>
    Close,

    /// <summary>Capture again.</summary>
    Open,
}

/// <summary>An order to a source.</summary>
public sealed record Order : IEdgeMessage<Order>
{
    // Absent, false, true.
    private const byte ShuffleUnchanged = 0;
    private const byte ShuffleOff = 1;
    private const byte ShuffleOn = 2;

    /// <summary>Number, which the result repeats.</summary>
    public long Id { get; init; }

    /// <summary>What to do; of a newer server perhaps a number without a name.</summary>
    public required OrderKind Kind { get; init; }

    /// <summary>Channel to stay on.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Channels to hop over; empty for those that it has.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Hops a second; 0 for the rate that it has.</summary>
    public double Rate { get; init; }

    /// <summary>Shuffle the list; null as it is.</summary>
    public bool? Shuffle { get; init; }

    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.Order;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.Int64(Id);
        to.Byte((byte)Kind);
        to.Text(Channel);
        to.Texts(Channels);
        to.Real(Rate);
        to.Byte(Shuffle switch { null => ShuffleUnchanged, false => ShuffleOff, true => ShuffleOn });
    }

    /// <inheritdoc/>
    public static Order Read(ref MessageReader from) => new()
    {
        Id = from.Int64(),
        Kind = (OrderKind)from.Byte(),
        Channel = from.Text(),
        Channels = from.Texts(),
        Rate = from.Real(),
        Shuffle = from.Byte(ShuffleOn) switch { ShuffleOff => false, ShuffleOn => true, _ => null },
    };
}

/// <summary>What came of an order.</summary>
/// <param name="Id">Number of the order.</param>
/// <param name="Error">Why it was not carried out; empty when it was.</param>
public readonly record struct OrderResult(long Id, string Error) : IEdgeMessage<OrderResult>
{
    /// <inheritdoc/>
    public static EdgeMessageType Type => EdgeMessageType.OrderResult;

    /// <inheritdoc/>
    public void Write(MessageWriter to)
    {
        to.Int64(Id);
        to.Text(Error);
    }

    /// <inheritdoc/>
    public static OrderResult Read(ref MessageReader from) => new(from.Int64(), from.Text());
}
