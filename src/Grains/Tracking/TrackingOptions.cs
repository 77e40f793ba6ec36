namespace KismetOrleans.Grains.Tracking;

/// <summary>Settings of tracking (configuration section <c>Tracking</c>).</summary>
public sealed record TrackingOptions
{
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

    /// <summary>Devices kept by all partitions together, 0 for any number; those heard last stay. Four million take about 9 GB.</summary>
    public int MaxDevices { get; init; } = 4_000_000;
}
