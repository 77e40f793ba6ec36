using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Storage;

/// <summary>Keys of devices' rows: their places (<see cref="Partitioning.PlaceOf"/>) as signed numbers of the same order, a partition a range.</summary>
internal static class DevicePlaces
{
    private const ulong SignBit = 1UL << 63;
    private const long MicrosecondTicks = TimeSpan.TicksPerMillisecond / 1000;

    /// <summary>The key of a device.</summary>
    public static long Of(DeviceId id) => (long)(Partitioning.PlaceOf(id) ^ SignBit);

    /// <summary>First and last key of a partition.</summary>
    public static (long First, long Last) RangeOf(int partition, int count) => (
        (long)(Partitioning.FirstPlaceOf(partition, count) ^ SignBit),
        (long)((Partitioning.FirstPlaceOf(partition + 1, count) - 1) ^ SignBit));

    /// <summary>Number of the first device of a save, by which those loaded are put in order of first sight: microseconds since 1970.</summary>
    public static long SeenAt(DateTimeOffset now) => (now - DateTimeOffset.UnixEpoch).Ticks / MicrosecondTicks;

    /// <summary>Reads a row and says which one it was if it cannot be read.</summary>
    /// <exception cref="StorageException">The row is spoiled.</exception>
    public static Device Read(ReadOnlySpan<byte> state, long place, string database)
    {
        try
        {
            return DeviceCodec.Read(state);
        }
        catch (DeviceCodecException e)
        {
            throw new StorageException($"The row of place {place} in table devices of {database} cannot be read. {e.Message}", e);
        }
    }
}
