namespace KismetOrleans.Engine.Tracking;

/// <summary>Settings of tracking (configuration section <c>Tracking</c>).</summary>
public sealed record TrackingOptions
{
    // What the process grows by with each, as the collector leaves it: four million were 9 GB.
    private const int DeviceBytes = 2304;
    private UavRules? _droneRules;

    /// <summary>How far apart in capture time two hearings of one frame are the same frame.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Frames that all partitions together remember for that, those with several addresses in several partitions: half an hour of 1,000 frames a
    /// second, in up to 64 MiB. Sensors that are further apart than this have the same frames counted twice.
    /// </summary>
    public int DuplicateCapacity { get; init; } = 3 << 20;

    /// <summary>Keep signal and frequencies of a device for each source.</summary>
    public bool PerSourceStats { get; init; } = true;

    /// <summary>Keep histories of a device.</summary>
    public bool DeviceRrds { get; init; } = true;

    /// <summary>Keep EAPOL-Key frames for download.</summary>
    public bool KeepEapol { get; init; } = true;

    /// <summary>Devices that nothing was heard of for this long are forgotten; null keeps them.</summary>
    public TimeSpan? MaxIdle { get; init; }

    /// <summary>Phones and ESP32s that report nothing for this long are forgotten as sources; null keeps them. Where numbers for sources become scarce, an hour is enough.</summary>
    public TimeSpan? MaxSourceIdle { get; init; } = TimeSpan.FromDays(30);

    /// <summary>
    /// Devices kept by all partitions together, one a partition at least, 0 for any number; those that somebody named, tagged or was alerted of stay, then those seen last. Without it: as
    /// many as half of the memory takes that the process may use.
    /// </summary>
    public int MaxDevices { get; init; } = Fitting(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>How old a signal may be, against the newest of its device, that a position is estimated from.</summary>
    public TimeSpan LocateWithin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for access points, which stand.</summary>
    public TimeSpan LocateStandingWithin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is kept which sources saw a device when, from when that was received on; 0 keeps nothing of it.</summary>
    public TimeSpan PresenceFor { get; init; } = TimeSpan.FromDays(31);

    /// <summary>Rules that recognise drones, beside those that the server knows by itself.</summary>
    public IReadOnlyList<UavRuleOptions> Drones { get; init; } = [];

    /// <summary>All of these rules.</summary>
    /// <exception cref="ArgumentException">One of <see cref="Drones"/> is of no use.</exception>
    public UavRules DroneRules => _droneRules ??= UavRules.Of(Drones);

    /// <summary>These settings, if they are of use; so that a wrong one ends the process when it starts.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public TrackingOptions Checked()
    {
        _ = DroneRules;
        Require(DuplicateWindow >= TimeSpan.Zero, nameof(DuplicateWindow), "must not be negative");
        Require(DuplicateCapacity > 0, nameof(DuplicateCapacity), "must be more than 0");
        Require(MaxDevices >= 0, nameof(MaxDevices), "must not be negative; 0 is for any number");
        Require(LocateWithin >= TimeSpan.Zero, nameof(LocateWithin), "must not be negative");
        Require(LocateStandingWithin >= TimeSpan.Zero, nameof(LocateStandingWithin), "must not be negative");
        Require(PresenceFor >= TimeSpan.Zero && PresenceFor <= TimeSpan.FromDays(3660), nameof(PresenceFor), "must be 0 to ten years");
        Require(MaxIdle is not { } idle || idle > TimeSpan.Zero, nameof(MaxIdle), "must be more than 0");
        Require(MaxSourceIdle is not { } silent || silent >= TimeSpan.FromHours(1), nameof(MaxSourceIdle), "must be an hour at least");
        return this;
    }

    /// <summary>How many devices fit into half of some memory.</summary>
    internal static int Fitting(long memoryBytes) => (int)Math.Min(int.MaxValue, memoryBytes / 2 / DeviceBytes);

    /// <summary>How many devices a partition keeps at most.</summary>
    internal int MostOf(int partition, int partitions) =>
        MaxDevices == 0 ? int.MaxValue : Math.Max(1, (MaxDevices / partitions) + (partition < MaxDevices % partitions ? 1 : 0));

    private static void Require(bool holds, string name, string what)
    {
        if (!holds)
        {
            throw new ArgumentException($"Tracking:{name}: {what}");
        }
    }
}
