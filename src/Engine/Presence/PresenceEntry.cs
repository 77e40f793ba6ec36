namespace KismetOrleans.Engine.Presence;

/// <summary>That a source saw a device in five minutes of capture time.</summary>
/// <param name="Device">The device, as <see cref="Records.Devices.DeviceId.Value"/>.</param>
/// <param name="Slot">The five minutes, counted from 1970.</param>
/// <param name="Source">UUID of the source; empty where it is not known any more.</param>
/// <param name="Packets">Packets of the device's own that the source captured.</param>
/// <param name="Signal">The strongest of their signals in dBm, 0 where none was reported.</param>
public readonly record struct PresenceEntry(ulong Device, uint Slot, Guid Source, uint Packets, sbyte Signal)
{
    public const uint SlotSeconds = 300;

    /// <summary>The two as one: of the same device, source and slot.</summary>
    public PresenceEntry And(in PresenceEntry other) => this with
    {
        Packets = (uint)Math.Min((ulong)Packets + other.Packets, uint.MaxValue),
        Signal = Louder(Signal, other.Signal),
    };

    /// <summary>The stronger of two signals, of which 0 is none.</summary>
    public static sbyte Louder(sbyte one, sbyte other) => one == 0 ? other : other == 0 ? one : Math.Max(one, other);
}

/// <summary>Which entries are asked for.</summary>
/// <param name="Device">One device; null for all.</param>
/// <param name="Source">One source; null for all.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.PresenceQuery")]
public sealed record PresenceQuery([property: Id(0)] uint First, [property: Id(1)] uint Last, [property: Id(2)] ulong? Device = null, [property: Id(3)] Guid? Source = null)
{
    /// <summary>Whether an entry is asked for.</summary>
    public bool Takes(in PresenceEntry entry) =>
        entry.Slot >= First && entry.Slot <= Last && (Device is null || Device == entry.Device) && (Source is null || Source == entry.Source);
}
