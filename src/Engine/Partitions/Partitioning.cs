using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Partitions;

/// <summary>Which partition owns a device. The same on every host, or devices would split.</summary>
public static class Partitioning
{
    /// <summary>The partition of a device.</summary>
    /// <param name="count">Partitions, at least 1.</param>
    public static int Of(DeviceId id, int count) => count == 1 ? 0 : Of(id.Value, count);

    /// <summary>The partition of a Wi-Fi device, whose phy number is 0.</summary>
    internal static int OfDot11(MacAddress address, int count) => count == 1 ? 0 : Of(address.Value, count);

    /// <summary>
    /// A device's place among all devices, of which each partition owns a range (<see cref="FirstPlaceOf"/>). No two devices share one.
    /// </summary>
    public static ulong PlaceOf(DeviceId id) => Spread(id.Value);

    /// <summary>The first place of a partition; that of partition <paramref name="count"/>, which does not exist, is 0 again.</summary>
    public static ulong FirstPlaceOf(int partition, int count) => ((((ulong)partition << 32) + (ulong)count - 1) / (ulong)count) << 32;

    private static int Of(ulong value, int count) => (int)((Spread(value) >> 32) * (ulong)count >> 32);

    // Multiplying by an odd constant of good spectrum (Steele & Vigna 2021) and scaling the high half spreads neighbouring addresses.
    private static ulong Spread(ulong value) => value * 0xD1342543DE82EF95;
}
