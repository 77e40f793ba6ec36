using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Storage;

/// <summary>Keys of devices' rows: their places (<see cref="Partitioning.PlaceOf"/>) as signed numbers of the same order, a partition a range.</summary>
internal static class DevicePlaces
{
    private const ulong SignBit = 1UL << 63;
    private const long MicrosecondTicks = TimeSpan.TicksPerMillisecond / 1000;

    public static long Of(DeviceId id) => (long)(Partitioning.PlaceOf(id) ^ SignBit);

    public static (long First, long Last) RangeOf(int partition, int count) => (
        (long)(Partitioning.FirstPlaceOf(partition, count) ^ SignBit),
        (long)((Partitioning.FirstPlaceOf(partition + 1, count) - 1) ^ SignBit));

    /// <summary>Number of the first device of a save, by which those loaded are put in order of first sight: microseconds since 1970.</summary>
    public static long SeenAt(DateTimeOffset now) => (now - DateTimeOffset.UnixEpoch).Ticks / MicrosecondTicks;

    /// <summary>Reads the rows of a partition.</summary>
    /// <param name="rows">Order of first sight, key and bytes of each, in any order.</param>
    /// <returns>The devices in order of first sight, and the rows that cannot be read.</returns>
    public static (List<Device> Devices, List<SpoiledRow> Spoiled) Read(IEnumerable<(long Seen, long Place, byte[] State)> rows)
    {
        List<(long Seen, Device Device)> devices = [];
        List<SpoiledRow> spoiled = [];
        foreach ((long seen, long place, byte[] state) in rows)
        {
            try
            {
                devices.Add((seen, DeviceCodec.Read(state)));
            }
            catch (DeviceCodecException e)
            {
                spoiled.Add(new(place, state, e.Message));
            }
        }
        devices.Sort(static (a, b) => a.Seen.CompareTo(b.Seen));
        return (devices.ConvertAll(static entry => entry.Device), spoiled);
    }
}

/// <summary>A row of devices that cannot be read.</summary>
/// <param name="State">Its bytes.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record SpoiledRow(long Place, byte[] State, string Reason)
{
    public string InWords => $"the row of place {Place} cannot be read, and is in table devices_set_aside now: {Reason}";
}
