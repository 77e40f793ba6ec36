using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Datasources;

/// <summary>A datasource as the outside sees it (<c>kismet.datasource.*</c>). Published by its datasource as an immutable snapshot.</summary>
public sealed record DatasourceRecord
{
    /// <summary>Number, counted from 1 by the server.</summary>
    public required ushort Number { get; init; }

    /// <summary>UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Definition as given.</summary>
    public required string Definition { get; init; }

    /// <summary>Interface or file.</summary>
    public required string Interface { get; init; }

    /// <summary>Kind of source.</summary>
    public required DatasourceDriver Driver { get; init; }

    /// <summary>Capture interface where it differs from <see cref="Interface"/>.</summary>
    public string CaptureInterface { get; init; } = "";

    /// <summary>Hardware in words.</summary>
    public string Hardware { get; init; } = "";

    /// <summary>Capture program, "" when built in.</summary>
    public string Binary { get; init; } = "";

    /// <summary>Its process, 0 when built in.</summary>
    public long Pid { get; init; }

    /// <summary>Version of the capture side.</summary>
    public string Version { get; init; } = "";

    /// <summary>Link type.</summary>
    public uint LinkType { get; init; }

    /// <summary>Running.</summary>
    public bool Running { get; init; }

    /// <summary>Paused.</summary>
    public bool Paused { get; init; }

    /// <summary>Fed over the network.</summary>
    public bool Remote { get; init; }

    /// <summary>Address of the remote side.</summary>
    public string RemoteAddress { get; init; } = "";

    /// <summary>Cannot be opened by the server.</summary>
    public bool Passive { get; init; }

    /// <summary>In error.</summary>
    public bool Error { get; init; }

    /// <summary>Why, "" without.</summary>
    public string ErrorReason { get; init; } = "";

    /// <summary>Something worth knowing that is no error.</summary>
    public string Warning { get; init; } = "";

    /// <summary>Channels that it can tune to.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>What the sensor's host could capture from, as the sensor says it (docs/edge-protocol.md); not printed.</summary>
    public IReadOnlyList<string> HostInterfaces { get; init; } = [];

    /// <summary>Channel that it is on.</summary>
    public string Channel { get; init; } = "";

    /// <summary>Hopping.</summary>
    public bool Hopping { get; init; }

    /// <summary>Hops a second.</summary>
    public double HopRate { get; init; }

    /// <summary>Channels of the hop list.</summary>
    public IReadOnlyList<string> HopChannels { get; init; } = [];

    /// <summary>Hop list shared with other sources.</summary>
    public bool HopSplit { get; init; }

    /// <summary>Offset into the hop list.</summary>
    public uint HopOffset { get; init; }

    /// <summary>Hop list shuffled.</summary>
    public bool HopShuffle { get; init; }

    /// <summary>Channels skipped by the shuffle.</summary>
    public uint HopShuffleSkip { get; init; }

    /// <summary>Packets.</summary>
    public ulong Packets { get; init; }

    /// <summary>Packets with errors.</summary>
    public ulong ErrorPackets { get; init; }

    /// <summary>History of packets.</summary>
    public required Rrd PacketsRrd { get; init; }

    /// <summary>History of octets.</summary>
    public required Rrd DataRrd { get; init; }

    /// <summary>State of a replay; null for what is not a capture file.</summary>
    public ReplayState? Replay { get; init; }

    /// <summary>How the sensor at the other end does; null for what is not fed over the network.</summary>
    public SensorState? Sensor { get; init; }

    /// <summary>Opened again after an error.</summary>
    public bool Retry { get; init; }

    /// <summary>Attempts since it last ran.</summary>
    public uint RetryAttempts { get; init; }

    /// <summary>Attempts in all.</summary>
    public uint TotalRetryAttempts { get; init; }

    /// <summary>Antenna and amplifier, as the definition describes them.</summary>
    public AntennaInfo Antenna { get; init; } = AntennaInfo.None;

    /// <summary>Link type to use instead of <see cref="LinkType"/>, 0 without.</summary>
    public uint LinkTypeOverride { get; init; }

    /// <summary>Checksum of <see cref="Uuid"/>, which Kismet uses as a key.</summary>
    public uint Key => DeviceKey.Adler32(Uuid.ToString().ToUpperInvariant());
}

/// <summary>Antenna and amplifier of a datasource (<c>kismet.datasource.info.*</c>).</summary>
/// <param name="Type">Antenna in words.</param>
/// <param name="Gain">Its gain, dBi.</param>
/// <param name="Orientation">Its direction, degrees.</param>
/// <param name="Beamwidth">Its opening angle, degrees.</param>
/// <param name="AmplifierType">Amplifier in words.</param>
/// <param name="AmplifierGain">Its gain, dB.</param>
public sealed record AntennaInfo(string Type, double Gain, double Orientation, double Beamwidth, string AmplifierType, double AmplifierGain)
{
    /// <summary>Nothing is known of them.</summary>
    public static readonly AntennaInfo None = new("", 0, 0, 0, "", 0);
}

/// <summary>A kind of datasource (<c>kismet.datasource.driver.*</c>).</summary>
/// <param name="Type">Name in definitions.</param>
/// <param name="Description">In words.</param>
/// <param name="ProbeCapable">Recognises interfaces.</param>
/// <param name="ProbeIpc">By a program of its own.</param>
/// <param name="ListCapable">Lists interfaces.</param>
/// <param name="ListIpc">By a program of its own.</param>
/// <param name="LocalCapable">Runs on the server.</param>
/// <param name="LocalIpc">By a program of its own.</param>
/// <param name="RemoteCapable">Runs remotely.</param>
/// <param name="PassiveCapable">Is fed by others.</param>
/// <param name="TuningCapable">Has channels.</param>
/// <param name="HopCapable">Hops.</param>
public sealed record DatasourceDriver(
    string Type, string Description, bool ProbeCapable, bool ProbeIpc, bool ListCapable, bool ListIpc, bool LocalCapable, bool LocalIpc,
    bool RemoteCapable, bool PassiveCapable, bool TuningCapable, bool HopCapable);

/// <summary>Defaults of new datasources (<c>kismet.datasourcetracker.default.*</c>).</summary>
/// <param name="HopRate">Hops a second.</param>
/// <param name="Hop">Hop where possible.</param>
/// <param name="Split">Split hop lists.</param>
/// <param name="RandomOrder">Shuffle hop lists.</param>
/// <param name="RetryOnError">Open again after an error.</param>
/// <param name="RemoteListen">Address that remote captures connect to.</param>
/// <param name="RemotePort">Port that remote captures connect to.</param>
/// <param name="RemoteTimestamp">Replace remote times.</param>
public sealed record DatasourceDefaults(
    double HopRate, bool Hop, bool Split, bool RandomOrder, bool RetryOnError, string RemoteListen, uint RemotePort, bool RemoteTimestamp);

/// <summary>How far a capture file has been replayed (<c>kismet.datasource.replay.*</c>, not in Kismet).</summary>
/// <param name="Share">Share of the file that was read, 0 to 1.</param>
/// <param name="Rate">Packets a second since the start, until the end.</param>
/// <param name="Ended">The end was reached, or an error ended it.</param>
public sealed record ReplayState(double Share, double Rate, bool Ended);

/// <summary>State of a sensor (<c>kismet.datasource.sensor.*</c>, not in Kismet).</summary>
/// <param name="Dropped">Packets that its operating system dropped.</param>
/// <param name="SpoolLost">Packets that its spool had no room for.</param>
/// <param name="SpoolOctets">Octets in its spool.</param>
/// <param name="SpoolBatches">Batches in its spool.</param>
/// <param name="ClockSkew">How far its clock is ahead of the server's, seconds.</param>
public sealed record SensorState(ulong Dropped, ulong SpoolLost, ulong SpoolOctets, ulong SpoolBatches, double ClockSkew);
