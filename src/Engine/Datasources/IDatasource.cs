using KismetOrleans.Engine.Observations;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// A datasource that is fed over the network, as its sensor's connection sees it. One connection at a time: a newer one takes the place of an
/// older one, whose calls are then answered with <see cref="AcceptOutcome.Superseded"/>.
/// </summary>
public interface IDatasource
{
    ValueTask<SensorWelcome> OpenAsync(SensorHello hello);

    /// <summary>
    /// Takes a batch; completes when the next one can come. It is on disk only when <see cref="TendAsync"/> says so.
    /// </summary>
    /// <param name="batch">As the sensor packed it (docs/edge-protocol.md); unpacked where the datasource is, and to be left as it is until then.</param>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    ValueTask<AcceptOutcome> AcceptAsync(long connection, ReadOnlyMemory<byte> batch);

    /// <summary>Called a few times a second: how the sensor does, and what it shall know.</summary>
    ValueTask<SensorOrders> TendAsync(long connection, SensorHealth health);

    /// <summary>The sensor has carried an order out, or not.</summary>
    ValueTask OrderDoneAsync(long connection, long order, string? error);

    /// <summary>The connection ended.</summary>
    /// <param name="error">Why, in words; null for a clean end.</param>
    ValueTask CloseAsync(long connection, string? error);

    /// <summary>Tells the sensor to do something.</summary>
    /// <returns>Completes when it is done: null, or what went wrong, in words.</returns>
    ValueTask<string?> OrderAsync(SensorOrder order, CancellationToken cancellation = default);
}

/// <summary>What a sensor says of itself when it connects.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SensorHello")]
public sealed record SensorHello
{
    /// <summary>UUID of the datasource, the same at every start.</summary>
    [Id(0)] public required Guid Uuid { get; init; }

    [Id(1)] public required string Name { get; init; }

    /// <summary>Kind of source: <c>linuxwifi</c>, <c>pcapfile</c>.</summary>
    [Id(2)] public required string Driver { get; init; }

    /// <summary>Interface or file.</summary>
    [Id(3)] public required string Interface { get; init; }

    /// <summary>Definition as given.</summary>
    [Id(4)] public string Definition { get; init; } = "";

    /// <summary>Hardware in words.</summary>
    [Id(5)] public string Hardware { get; init; } = "";

    /// <summary>Version of the agent.</summary>
    [Id(6)] public string Version { get; init; } = "";

    /// <summary>Address that it connects from.</summary>
    [Id(7)] public string Address { get; init; } = "";

    /// <summary>Link type of its packets.</summary>
    [Id(8)] public uint LinkType { get; init; }

    /// <summary>Life of its spool: grows with each new one.</summary>
    [Id(9)] public ulong BootId { get; init; }

    /// <summary>The oldest batch that it still has; all before are saved, or lost for good.</summary>
    [Id(10)] public ulong FirstSequence { get; init; }

    /// <summary>Channels that it can tune to.</summary>
    [Id(11)] public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>What its host could capture from, each as <see cref="Packets.Live.HostInterface.ToText"/> has it.</summary>
    [Id(12)] public IReadOnlyList<string> Interfaces { get; init; } = [];

    /// <summary>Name of the key that it came with, "" for none.</summary>
    [Id(13)] public string Owner { get; init; } = "";

    /// <summary>It was closed by command, and waits to be opened.</summary>
    [Id(14)] public bool Disabled { get; init; }

    /// <summary>How far its clock is ahead of the server's, seconds; 0 where it does not say.</summary>
    [Id(15)] public double ClockSkew { get; init; }

    /// <summary>Which start of its host this is; 0 where it does not say.</summary>
    [Id(16)] public ulong HostBoot { get; init; }

    /// <summary>See <see cref="Packets.Live.HostClock.BaseNs"/>.</summary>
    [Id(17)] public long HostBaseNs { get; init; }

    /// <summary>How the clock of its host stands; null where it does not say.</summary>
    public HostClock? HostClock => HostBoot == 0 ? null : new(HostBoot, HostBaseNs);
}

/// <summary>Answer to a sensor that connects.</summary>
/// <param name="Connection">Identity of the connection in later calls.</param>
/// <param name="Number">Number of the source; 0 where there was none left.</param>
/// <param name="Saved">Newest batch that is on disk: the sensor sends what comes after.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SensorWelcome")]
public sealed record SensorWelcome([property: Id(0)] long Connection, [property: Id(1)] ushort Number, [property: Id(2)] Watermark Saved);

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
[GenerateSerializer, Immutable, Alias("KismetOrleans.SensorHealth")]
public sealed record SensorHealth
{
    /// <summary>Packets that the operating system dropped.</summary>
    [Id(0)] public ulong Dropped { get; init; }

    /// <summary>Packets that its spool had no room for.</summary>
    [Id(1)] public ulong SpoolLost { get; init; }

    /// <summary>Bytes in its spool.</summary>
    [Id(2)] public ulong SpoolBytes { get; init; }

    /// <summary>Batches in its spool.</summary>
    [Id(3)] public ulong SpoolBatches { get; init; }

    /// <summary>How far its clock is ahead of the server's, seconds.</summary>
    [Id(4)] public double ClockSkew { get; init; }

    /// <summary>Link type of its packets.</summary>
    [Id(5)] public uint LinkType { get; init; }

    [Id(6)] public bool Running { get; init; }

    /// <summary>Paused by an order.</summary>
    [Id(7)] public bool Paused { get; init; }

    /// <summary>Its capture file has been read to the end.</summary>
    [Id(8)] public bool Ended { get; init; }

    /// <summary>Channel that it is on, "" when unknown.</summary>
    [Id(9)] public string Channel { get; init; } = "";

    [Id(10)] public bool Hopping { get; init; }

    /// <summary>Hops a second.</summary>
    [Id(11)] public double HopRate { get; init; }

    /// <summary>Channels of the hop list.</summary>
    [Id(12)] public IReadOnlyList<string> HopChannels { get; init; } = [];

    /// <summary>Hop list shuffled.</summary>
    [Id(13)] public bool HopShuffle { get; init; }

    /// <summary>What is wrong, "" when nothing.</summary>
    [Id(14)] public string Error { get; init; } = "";

    /// <summary>What is worth knowing, "" when nothing.</summary>
    [Id(15)] public string Warning { get; init; } = "";

    /// <summary>Where it is, as its GPS says; null where it has none or that does not know.</summary>
    [Id(16)] public GeoPoint? Place { get; init; }

    /// <summary>Which start of its host this is; 0 where it does not say.</summary>
    [Id(17)] public ulong HostBoot { get; init; }

    /// <summary>See <see cref="Packets.Live.HostClock.BaseNs"/>.</summary>
    [Id(18)] public long HostBaseNs { get; init; }

    /// <summary>How its host does; null where it does not say.</summary>
    [Id(19)] public SensorHost? Host { get; init; }

    /// <summary>What became of profiles at its agent; null of those that know none.</summary>
    [Id(20)] public SensorProfileState? Profile { get; init; }

    /// <summary>How the clock of its host stands; null where it does not say.</summary>
    public HostClock? HostClock => HostBoot == 0 ? null : new(HostBoot, HostBaseNs);
}

/// <summary>What a sensor shall know.</summary>
/// <param name="Outcome"><see cref="AcceptOutcome.Rewind"/> when batches after <paramref name="Saved"/> must come again.</param>
/// <param name="Saved">Newest batch that is on disk, with all before it.</param>
/// <param name="Orders">Orders that it has not got yet.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SensorOrders")]
public sealed record SensorOrders(
    [property: Id(0)] AcceptOutcome Outcome, [property: Id(1)] Watermark Saved, [property: Id(2)] IReadOnlyList<SensorOrder> Orders);

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

[GenerateSerializer, Immutable, Alias("KismetOrleans.SensorOrder")]
public sealed record SensorOrder
{
    /// <summary>Number, given by the datasource.</summary>
    [Id(0)] public long Id { get; init; }

    [Id(1)] public required SensorCommand Command { get; init; }

    /// <summary>Channel to stay on.</summary>
    [Id(2)] public string Channel { get; init; } = "";

    /// <summary>Channels to hop over; empty for those that it has.</summary>
    [Id(3)] public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Hops a second; 0 for the rate that it has.</summary>
    [Id(4)] public double Rate { get; init; }

    /// <summary>Shuffle the list; null as it is.</summary>
    [Id(5)] public bool? Shuffle { get; init; }

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
