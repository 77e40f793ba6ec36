using KismetOrleans.Engine.Observations;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// A datasource that is fed over the network, as its sensor's connection sees it. One connection at a time: a newer one takes the place of an
/// older one, whose calls are then answered with <see cref="AcceptOutcome.Superseded"/>.
/// </summary>
public interface IDatasource
{
    /// <summary>A sensor is there.</summary>
    ValueTask<SensorWelcome> OpenAsync(SensorHello hello);

    /// <summary>
    /// Takes a batch; completes when the next one can come. It is on disk only when <see cref="TendAsync"/> says so.
    /// </summary>
    /// <param name="connection">Which.</param>
    /// <param name="batch">As the sensor packed it (docs/edge-protocol.md); unpacked where the datasource is, and to be left as it is until then.</param>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    ValueTask<AcceptOutcome> AcceptAsync(long connection, ReadOnlyMemory<byte> batch);

    /// <summary>Called a few times a second: how the sensor does, and what it shall know.</summary>
    ValueTask<SensorOrders> TendAsync(long connection, SensorHealth health);

    /// <summary>The sensor has carried an order out, or not.</summary>
    ValueTask OrderDoneAsync(long connection, long order, string? error);

    /// <summary>The connection ended.</summary>
    /// <param name="connection">Which.</param>
    /// <param name="error">Why, in words; null for a clean end.</param>
    ValueTask CloseAsync(long connection, string? error);

    /// <summary>Tells the sensor to do something.</summary>
    /// <returns>Completes when it is done: null, or what went wrong, in words.</returns>
    ValueTask<string?> OrderAsync(SensorOrder order);
}

/// <summary>What a sensor says of itself when it connects.</summary>
public sealed record SensorHello
{
    /// <summary>UUID of the datasource, the same at every start.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of source: <c>linuxwifi</c>, <c>pcapfile</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>Interface or file.</summary>
    public required string Interface { get; init; }

    /// <summary>Definition as given.</summary>
    public string Definition { get; init; } = "";

    /// <summary>Hardware in words.</summary>
    public string Hardware { get; init; } = "";

    /// <summary>Version of the agent.</summary>
    public string Version { get; init; } = "";

    /// <summary>Address that it connects from.</summary>
    public string Address { get; init; } = "";

    /// <summary>Link type of its packets.</summary>
    public uint LinkType { get; init; }

    /// <summary>Life of its spool: grows with each new one.</summary>
    public ulong BootId { get; init; }

    /// <summary>The oldest batch that it still has; all before are saved, or lost for good.</summary>
    public ulong FirstSequence { get; init; }

    /// <summary>Channels that it can tune to.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>What its host could capture from, each as <see cref="Packets.Live.HostInterface.ToText"/> has it.</summary>
    public IReadOnlyList<string> Interfaces { get; init; } = [];
}

/// <summary>Answer to a sensor that connects.</summary>
/// <param name="Connection">Identity of the connection in later calls.</param>
/// <param name="Number">Number of the source.</param>
/// <param name="Saved">Newest batch that is on disk: the sensor sends what comes after.</param>
public sealed record SensorWelcome(long Connection, ushort Number, Watermark Saved);

/// <summary>What became of a batch.</summary>
public enum AcceptOutcome : byte
{
    /// <summary>It was taken, or known already.</summary>
    Accepted,

    /// <summary>It was not taken: everything after the saved batch must come again.</summary>
    Rewind,

    /// <summary>A newer connection of this sensor took over.</summary>
    Superseded,
}

/// <summary>How a sensor does.</summary>
public sealed record SensorHealth
{
    /// <summary>Packets that the operating system dropped.</summary>
    public ulong Dropped { get; init; }

    /// <summary>Packets that its spool had no room for.</summary>
    public ulong SpoolLost { get; init; }

    /// <summary>Octets in its spool.</summary>
    public ulong SpoolOctets { get; init; }

    /// <summary>Batches in its spool.</summary>
    public ulong SpoolBatches { get; init; }

    /// <summary>How far its clock is ahead of the server's, seconds.</summary>
    public double ClockSkew { get; init; }

    /// <summary>Link type of its packets.</summary>
    public uint LinkType { get; init; }

    /// <summary>Capturing.</summary>
    public bool Running { get; init; }

    /// <summary>Paused by an order.</summary>
    public bool Paused { get; init; }

    /// <summary>Its capture file has been read to the end.</summary>
    public bool Ended { get; init; }

    /// <summary>Channel that it is on, "" when unknown.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Hopping.</summary>
    public bool Hopping { get; init; }

    /// <summary>Hops a second.</summary>
    public double HopRate { get; init; }

    /// <summary>Channels of the hop list.</summary>
    public IReadOnlyList<string> HopChannels { get; init; } = [];

    /// <summary>Hop list shuffled.</summary>
    public bool HopShuffle { get; init; }

    /// <summary>What is wrong, "" when nothing.</summary>
    public string Error { get; init; } = "";

    /// <summary>What is worth knowing, "" when nothing.</summary>
    public string Warning { get; init; } = "";
}

/// <summary>What a sensor shall know.</summary>
/// <param name="Outcome"><see cref="AcceptOutcome.Rewind"/> when batches after <paramref name="Saved"/> must come again.</param>
/// <param name="Saved">Newest batch that is on disk, with all before it.</param>
/// <param name="Orders">Orders that it has not got yet.</param>
public sealed record SensorOrders(AcceptOutcome Outcome, Watermark Saved, IReadOnlyList<SensorOrder> Orders);

/// <summary>What a sensor can be told to do.</summary>
public enum SensorCommand : byte
{
    /// <summary>Stay on <see cref="SensorOrder.Channel"/>.</summary>
    SetChannel,

    /// <summary>Hop over <see cref="SensorOrder.Channels"/>.</summary>
    SetHop,

    /// <summary>Capture nothing until it is resumed.</summary>
    Pause,

    /// <summary>Capture again.</summary>
    Resume,

    /// <summary>Let go of the interface or file.</summary>
    Close,

    /// <summary>Capture again after <see cref="Close"/>.</summary>
    Open,
}

/// <summary>An order to a sensor.</summary>
public sealed record SensorOrder
{
    /// <summary>Number, given by the datasource.</summary>
    public long Id { get; init; }

    /// <summary>What to do.</summary>
    public required SensorCommand Command { get; init; }

    /// <summary>Channel to stay on.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Channels to hop over; empty for those that it has.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Hops a second; 0 for the rate that it has.</summary>
    public double Rate { get; init; }

    /// <summary>Shuffle the list; null as it is.</summary>
    public bool? Shuffle { get; init; }

    /// <summary>The order as agents, and sources of this server, are given it.</summary>
    public Order ToOrder() => new()
    {
        Id = Id,
        Kind = Command switch
        {
            SensorCommand.SetChannel => OrderKind.SetChannel,
            SensorCommand.SetHop => OrderKind.SetHop,
            SensorCommand.Pause => OrderKind.Pause,
            SensorCommand.Close => OrderKind.Close,
            SensorCommand.Open => OrderKind.Open,
            _ => OrderKind.Resume,
        },
        Channel = Channel,
        Channels = Channels,
        Rate = Rate,
        Shuffle = Shuffle,
    };
}
