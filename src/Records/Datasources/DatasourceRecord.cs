using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Datasources;

/// <summary>A datasource as the outside sees it (<c>kismet.datasource.*</c>). Published by its datasource as an immutable snapshot.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DatasourceRecord")]
public sealed record DatasourceRecord
{
    /// <summary>Number, counted from 1 by the server.</summary>
    [Id(0)] public required ushort Number { get; init; }

    /// <summary>UUID.</summary>
    [Id(1)] public required Guid Uuid { get; init; }

    [Id(2)] public required string Name { get; init; }

    /// <summary>Definition as given.</summary>
    [Id(3)] public required string Definition { get; init; }

    /// <summary>Interface or file.</summary>
    [Id(4)] public required string Interface { get; init; }

    /// <summary>Kind of source.</summary>
    [Id(5)] public required DatasourceDriver Driver { get; init; }

    /// <summary>Capture interface where it differs from <see cref="Interface"/>.</summary>
    [Id(6)] public string CaptureInterface { get; init; } = "";

    /// <summary>Hardware in words.</summary>
    [Id(7)] public string Hardware { get; init; } = "";

    /// <summary>Capture program, "" when built in.</summary>
    [Id(8)] public string Binary { get; init; } = "";

    /// <summary>Its process, 0 when built in.</summary>
    [Id(9)] public long Pid { get; init; }

    /// <summary>Version of the capture side.</summary>
    [Id(10)] public string Version { get; init; } = "";

    /// <summary>Link type.</summary>
    [Id(11)] public uint LinkType { get; init; }

    [Id(12)] public bool Running { get; init; }
    [Id(13)] public bool Paused { get; init; }

    /// <summary>Fed over the network.</summary>
    [Id(14)] public bool Remote { get; init; }

    /// <summary>Address of the remote side.</summary>
    [Id(15)] public string RemoteAddress { get; init; } = "";

    /// <summary>Cannot be opened by the server.</summary>
    [Id(16)] public bool Passive { get; init; }

    [Id(17)] public bool Error { get; init; }

    /// <summary>Why, "" without.</summary>
    [Id(18)] public string ErrorReason { get; init; } = "";

    /// <summary>Something worth knowing that is no error.</summary>
    [Id(19)] public string Warning { get; init; } = "";

    /// <summary>Channels that it can tune to.</summary>
    [Id(20)] public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>What the sensor's host could capture from, as the sensor says it (docs/edge-protocol.md); not printed.</summary>
    [Id(21)] public IReadOnlyList<string> HostInterfaces { get; init; } = [];

    /// <summary>Channel that it is on.</summary>
    [Id(22)] public string Channel { get; init; } = "";

    [Id(23)] public bool Hopping { get; init; }

    /// <summary>Hops a second.</summary>
    [Id(24)] public double HopRate { get; init; }

    /// <summary>Channels of the hop list.</summary>
    [Id(25)] public IReadOnlyList<string> HopChannels { get; init; } = [];

    /// <summary>Hop list shared with other sources.</summary>
    [Id(26)] public bool HopSplit { get; init; }

    /// <summary>Offset into the hop list.</summary>
    [Id(27)] public uint HopOffset { get; init; }

    /// <summary>Hop list shuffled.</summary>
    [Id(28)] public bool HopShuffle { get; init; }

    /// <summary>Channels skipped by the shuffle.</summary>
    [Id(29)] public uint HopShuffleSkip { get; init; }

    [Id(30)] public ulong Packets { get; init; }

    /// <summary>Packets with errors.</summary>
    [Id(31)] public ulong ErrorPackets { get; init; }

    /// <summary>What was found of the packets' check sequences; "" where all is as file and link header tell.</summary>
    [Id(41)] public string CheckSequences { get; init; } = "";

    /// <summary>Packets of each phy, by its number; not printed, but added up for <c>/phy/all_phys.json</c>.</summary>
    [Id(42)] public long[] PacketsByPhy { get; init; } = [];

    /// <summary>Name of the key that used it first and that alone may feed it, "" for none.</summary>
    [Id(43)] public string Owner { get; init; } = "";

    /// <summary>Where it is, or was when it last knew; null where nobody ever told.</summary>
    [Id(44)] public GeoPoint? Place { get; init; }

    /// <summary>Building that it stands in, "" where its definition names none.</summary>
    [Id(45)] public string Building { get; init; } = "";

    /// <summary>Floor that it stands on; null where its definition names none.</summary>
    [Id(46)] public int? Floor { get; init; }

    /// <summary>What is wrong with it as a sensor, some time by now: <c>down</c>, <c>deaf</c>, <c>clock</c>, <c>drops</c>, <c>radio</c>, <c>disk</c>, <c>heat</c>.</summary>
    [Id(47)] public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>History of packets.</summary>
    [Id(32)] public required Rrd PacketsRrd { get; init; }

    /// <summary>History of bytes.</summary>
    [Id(33)] public required Rrd DataRrd { get; init; }

    /// <summary>State of a replay; null for what is not a capture file.</summary>
    [Id(34)] public ReplayState? Replay { get; init; }

    /// <summary>How the sensor at the other end does; null for what is not fed over the network.</summary>
    [Id(35)] public SensorState? Sensor { get; init; }

    /// <summary>Opened again after an error.</summary>
    [Id(36)] public bool Retry { get; init; }

    /// <summary>Attempts since it last ran.</summary>
    [Id(37)] public uint RetryAttempts { get; init; }

    [Id(38)] public uint TotalRetryAttempts { get; init; }

    /// <summary>Antenna and amplifier, as the definition describes them.</summary>
    [Id(39)] public AntennaInfo Antenna { get; init; } = AntennaInfo.None;

    /// <summary>Link type to use instead of <see cref="LinkType"/>, 0 without.</summary>
    [Id(40)] public uint LinkTypeOverride { get; init; }

    /// <summary>Checksum of <see cref="Uuid"/>, which Kismet uses as a key.</summary>
    public uint Key => DeviceKey.Adler32(Uuid.ToString().ToUpperInvariant());

    /// <summary>Whether it is there and a radio that can be tuned.</summary>
    public bool IsTunable => Running && !Paused && Driver.TuningCapable;
}

/// <summary>Antenna and amplifier of a datasource (<c>kismet.datasource.info.*</c>).</summary>
/// <param name="Gain">Its gain, dBi.</param>
/// <param name="Orientation">Its direction, degrees.</param>
/// <param name="Beamwidth">Its opening angle, degrees.</param>
/// <param name="AmplifierGain">Its gain, dB.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.AntennaInfo")]
public sealed record AntennaInfo(
    [property: Id(0)] string Type, [property: Id(1)] double Gain, [property: Id(2)] double Orientation, [property: Id(3)] double Beamwidth,
    [property: Id(4)] string AmplifierType, [property: Id(5)] double AmplifierGain)
{
    /// <summary>Nothing is known of them.</summary>
    internal static readonly AntennaInfo None = new("", 0, 0, 0, "", 0);
}

/// <summary>A kind of datasource (<c>kismet.datasource.driver.*</c>).</summary>
/// <param name="ProbeIpc">By a program of its own.</param>
/// <param name="ListIpc">By a program of its own.</param>
/// <param name="LocalCapable">Runs on the server.</param>
/// <param name="LocalIpc">By a program of its own.</param>
/// <param name="PassiveCapable">Is fed by others.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DatasourceDriver")]
public sealed record DatasourceDriver(
    [property: Id(0)] string Type, [property: Id(1)] string Description, [property: Id(2)] bool ProbeCapable, [property: Id(3)] bool ProbeIpc,
    [property: Id(4)] bool ListCapable, [property: Id(5)] bool ListIpc, [property: Id(6)] bool LocalCapable, [property: Id(7)] bool LocalIpc,
    [property: Id(8)] bool RemoteCapable, [property: Id(9)] bool PassiveCapable, [property: Id(10)] bool TuningCapable,
    [property: Id(11)] bool HopCapable);

/// <summary>Defaults of new datasources (<c>kismet.datasourcetracker.default.*</c>).</summary>
/// <param name="HopRate">Hops a second.</param>
/// <param name="RetryOnError">Open again after an error.</param>
/// <param name="RemoteListen">Address that remote captures connect to.</param>
/// <param name="RemotePort">Port that remote captures connect to.</param>
public sealed record DatasourceDefaults(
    double HopRate, bool Hop, bool Split, bool RandomOrder, bool RetryOnError, string RemoteListen, uint RemotePort, bool RemoteTimestamp);

/// <summary>How far a capture file has been replayed (<c>kismet.datasource.replay.*</c>, not in Kismet).</summary>
/// <param name="Share">Share of the file that was read, 0 to 1.</param>
/// <param name="Rate">Packets a second since the start, until the end.</param>
/// <param name="Ended">The end was reached, or an error ended it.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.ReplayState")]
public sealed record ReplayState([property: Id(0)] double Share, [property: Id(1)] double Rate, [property: Id(2)] bool Ended);

/// <summary>State of a sensor (<c>kismet.datasource.sensor.*</c>, not in Kismet).</summary>
/// <param name="Dropped">Packets that its operating system dropped.</param>
/// <param name="SpoolLost">Packets that its spool had no room for.</param>
/// <param name="SpoolBytes">Bytes in its spool.</param>
/// <param name="SpoolBatches">Batches in its spool.</param>
/// <param name="ClockSkew">How far its clock is ahead of the server's, seconds.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SensorState")]
public sealed record SensorState(
    [property: Id(0)] ulong Dropped, [property: Id(1)] ulong SpoolLost, [property: Id(2)] ulong SpoolBytes, [property: Id(3)] ulong SpoolBatches,
    [property: Id(4)] double ClockSkew)
{
    /// <summary>Seconds that were taken off the times of its newest packets.</summary>
    [Id(5)] public double ClockCorrection { get; init; }

    /// <summary>How its host does; null where it does not say.</summary>
    [Id(6)] public SensorHost? Host { get; init; }

    /// <summary>What became of profiles at its agent; null of those that know none.</summary>
    [Id(7)] public SensorProfileState? Profile { get; init; }
}

/// <summary>What became of profiles at an agent (<c>kismet.datasource.sensor.profile.*</c>, not in Kismet).</summary>
/// <param name="Agent">Name of the agent, the same for all its sources.</param>
/// <param name="Site">Site of its key, "" where it has none.</param>
/// <param name="Stage">How far it is: <c>none</c>, <c>trial</c>, <c>applied</c>, <c>failed</c>, <c>rolled back</c>.</param>
/// <param name="Name">Profile that holds there, "" for none.</param>
/// <param name="Version">Its version.</param>
/// <param name="Error">Of one that was not taken: which, and why; "" else.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SensorProfileState")]
public sealed record SensorProfileState(
    [property: Id(0)] string Agent, [property: Id(1)] string Site, [property: Id(2)] string Stage, [property: Id(3)] string Name, [property: Id(4)] long Version, [property: Id(5)] string Error);

/// <summary>How the host of a sensor does (<c>kismet.datasource.sensor.host.*</c>, not in Kismet).</summary>
/// <param name="Cpu">Share of its processors that is busy, 0 to 1; null where it is not known.</param>
/// <param name="Temperature">Its hottest part, °C; null where it is not known.</param>
/// <param name="DiskFree">Bytes free where its spool is.</param>
/// <param name="DiskSize">Bytes of that disk; 0 where it is not known.</param>
/// <param name="Queue">Packets that wait to be packed.</param>
/// <param name="RadioGone">Its radio is not there.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SensorHost")]
public sealed record SensorHost(
    [property: Id(0)] double? Cpu, [property: Id(1)] double? Temperature, [property: Id(2)] ulong DiskFree, [property: Id(3)] ulong DiskSize, [property: Id(4)] uint Queue,
    [property: Id(5)] bool RadioGone);
