using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Presence;

/// <summary>That a source saw a device in five minutes.</summary>
/// <param name="Time">Unix second at which they begin.</param>
/// <param name="Packets">Packets of the device's own.</param>
/// <param name="Signal">The strongest of their signals in dBm, 0 where none was reported.</param>
public sealed record PresenceSlot(DeviceId Device, uint Time, PresenceSource Source, ulong Packets, int Signal);

/// <summary>What one source saw of a device in some time.</summary>
/// <param name="Uuid">UUID; empty where the source is not known any more.</param>
/// <param name="Name">Name, "" where it is not known any more.</param>
/// <param name="Seen">Seconds of the five minutes in which it saw it.</param>
/// <param name="Packets">Packets of the device's own.</param>
/// <param name="Signal">The strongest of their signals in dBm, 0 where none was reported.</param>
public sealed record PresenceSource(Guid Uuid, string Name, uint Seen = 0, ulong Packets = 0, int Signal = 0)
{
    /// <summary>Building that it stands in now, "" where it stands in none or moves.</summary>
    public string Building { get; init; } = "";

    /// <summary>The floor; null where that is not known.</summary>
    public int? Floor { get; init; }

    /// <summary>Zones of the floor that it stands in.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];
}

/// <summary>A time without a longer gap in which a device was seen.</summary>
/// <param name="First">Unix second at which it begins.</param>
/// <param name="Last">Unix second at which it ends.</param>
/// <param name="Seen">Seconds of the five minutes of it in which the device was seen.</param>
/// <param name="Packets">Packets of the device's own.</param>
/// <param name="Signal">The strongest of their signals in dBm, 0 where none was reported.</param>
/// <param name="Sources">Who saw it, who saw it longest first.</param>
public sealed record PresenceVisit(DeviceId Device, uint First, uint Last, uint Seen, ulong Packets, int Signal, IReadOnlyList<PresenceSource> Sources);

/// <summary>A device of which something else may be the same hardware.</summary>
/// <param name="Device">What may be the same.</param>
/// <param name="IsPresent">Whether it was seen in the time that was asked for.</param>
public sealed record PresenceGuess(DeviceId Device, string Reason, bool IsPresent);

/// <summary>What the server knows of a device beside when it was where.</summary>
/// <param name="IsKnown">Whether it still knows it.</param>
/// <param name="Name">Name to show; its address where it is not known any more.</param>
/// <param name="Type">Kind of device in words.</param>
/// <param name="Manufacturer">Maker by its address.</param>
/// <param name="Guesses">What may be the same hardware.</param>
public sealed record PresenceSubject(bool IsKnown, string Name, string Type, string Manufacturer, IReadOnlyList<PresenceGuess> Guesses);

/// <summary>A device that was seen in a time.</summary>
/// <param name="First">Unix second of the begin of the first five minutes in which it was seen.</param>
/// <param name="Last">Unix second of the end of the last ones.</param>
/// <param name="Seen">Seconds of all of them.</param>
/// <param name="Visits">Times without a longer gap.</param>
/// <param name="Packets">Packets of the device's own.</param>
/// <param name="Signal">The strongest of their signals in dBm, 0 where none was reported.</param>
/// <param name="Sources">Who saw it, who saw it longest first.</param>
public sealed record PresenceDevice(
    DeviceId Device, PresenceSubject Subject, uint First, uint Last, uint Seen, uint Visits, ulong Packets, int Signal, IReadOnlyList<PresenceSource> Sources);

/// <summary>How many devices were seen in a time.</summary>
/// <param name="Time">Unix second at which it begins.</param>
/// <param name="Seconds">How long it is.</param>
/// <param name="Devices">Devices that were seen.</param>
/// <param name="Randomised">Those of them whose addresses are made up.</param>
/// <param name="Packets">Packets of their own.</param>
public sealed record PresenceCount(uint Time, uint Seconds, ulong Devices, ulong Randomised, ulong Packets);

/// <summary>What is different of a device between two times.</summary>
/// <param name="Kind"><c>appeared</c>, <c>gone</c> or <c>changed</c>.</param>
/// <param name="Changes">What changed, in words.</param>
/// <param name="First">Unix second of the begin of the first five minutes in which it was seen, of the later time, or of the earlier one where it is gone.</param>
/// <param name="Last">Unix second of the end of the last ones.</param>
/// <param name="Sources">Who saw it then.</param>
public sealed record PresenceChange(
    DeviceId Device, PresenceSubject Subject, string Kind, IReadOnlyList<string> Changes, uint First, uint Last, IReadOnlyList<PresenceSource> Sources);
