using KismetOrleans.Packets.Live;

namespace KismetOrleans.Packets.Protocol;

/// <summary>How the host of a source does. What the system does not tell is null, or 0 where that is said.</summary>
public sealed record HostState
{
    /// <summary>How its clock stands to the time since its start.</summary>
    public HostClock? Clock { get; init; }

    /// <summary>Share of all its processors that was busy since it was asked last, 0 to 1.</summary>
    public double? Cpu { get; init; }

    /// <summary>The hottest of its sensors, °C.</summary>
    public double? Temperature { get; init; }

    /// <summary>Bytes free where the spool is.</summary>
    public ulong DiskFree { get; init; }

    /// <summary>Bytes of the disk of the spool; 0 where that is not known.</summary>
    public ulong DiskSize { get; init; }

    /// <summary>Packets that wait to be packed.</summary>
    public uint Queue { get; init; }

    /// <summary>The radio is not there.</summary>
    public bool RadioGone { get; init; }

    internal void Write(MessageWriter to)
    {
        to.UInt64(Clock?.Boot ?? 0);
        to.Int64(Clock?.BaseNs ?? 0);
        Write(to, Cpu);
        Write(to, Temperature);
        to.UInt64(DiskFree);
        to.UInt64(DiskSize);
        to.UInt32(Queue);
        to.Flag(RadioGone);
    }

    internal static HostState Read(ref MessageReader from)
    {
        HostClock clock = new(from.UInt64(), from.Int64());
        return new()
        {
            Clock = clock.Boot == 0 ? null : clock,
            Cpu = ReadReal(ref from),
            Temperature = ReadReal(ref from),
            DiskFree = from.UInt64(),
            DiskSize = from.UInt64(),
            Queue = from.UInt32(),
            RadioGone = from.Flag(),
        };
    }

    private static void Write(MessageWriter to, double? value)
    {
        to.Flag(value is not null);
        to.Real(value ?? 0);
    }

    private static double? ReadReal(ref MessageReader from)
    {
        bool isKnown = from.Flag();
        double value = from.Real();
        return isKnown ? value : null;
    }
}
