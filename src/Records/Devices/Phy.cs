using KismetOrleans.Wire;

namespace KismetOrleans.Records.Devices;

/// <summary>A radio physical layer that devices belong to.</summary>
public sealed class Phy
{
    /// <summary>Wi-Fi.</summary>
    public static readonly Phy Dot11 = new(0, "IEEE802.11");

    /// <summary>433 MHz and similar sensors.</summary>
    public static readonly Phy RfSensor = new(1, "RFSENSOR");

    internal static readonly Phy ZWave = new(2, "Z-Wave");

    /// <summary>Bluetooth, as scanning sources report it.</summary>
    public static readonly Phy Bluetooth = new(3, "Bluetooth");

    internal static readonly Phy Uav = new(4, "UAV");

    /// <summary>nRF24 keyboards and mice.</summary>
    internal static readonly Phy NrfMousejack = new(5, "NrfMousejack");

    /// <summary>Bluetooth Low Energy, as sniffed.</summary>
    public static readonly Phy Btle = new(6, "BTLE");

    public static readonly Phy Meter = new(7, "METER");

    public static readonly Phy Adsb = new(8, "ADSB");

    /// <summary>IEEE 802.15.4.</summary>
    public static readonly Phy Ieee802154 = new(9, "802.15.4");

    public static readonly Phy Radiation = new(10, "RADIATION");

    /// <summary>All of them, by <see cref="Id"/>.</summary>
    public static readonly IReadOnlyList<Phy> All =
        [Dot11, RfSensor, ZWave, Bluetooth, Uav, NrfMousejack, Btle, Meter, Adsb, Ieee802154, Radiation];

    private Phy(int id, string name)
    {
        Id = id;
        Name = name;
        KeyPrefix = DeviceKey.PhyPart(name);
    }

    /// <summary>Number of the phy, as the API gives it.</summary>
    public int Id { get; }

    /// <summary>Name of the phy, as the API gives it.</summary>
    public string Name { get; }

    /// <summary>First half of this phy's device keys, 16 hexadecimal digits.</summary>
    public string KeyPrefix { get; }
}

/// <summary>What identifies a device in the backend: its phy and its address.</summary>
/// <param name="Value">Address in bits 0–47, phy number in bits 48–55; or, with bit 63 set, an extended address, which 802.15.4 alone has.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceId")]
public readonly record struct DeviceId([property: Id(0)] ulong Value)
{
    public DeviceId(Phy phy, MacAddress address)
        : this(address.IsExtended ? address.Value : ((ulong)phy.Id << 48) | address.Value)
    {
    }

    /// <summary>The device's address.</summary>
    public MacAddress Address => new(IsExtended ? Value : Value & 0xFFFF_FFFF_FFFF);

    /// <summary>The device's phy.</summary>
    public Phy Phy => IsExtended ? Phy.Ieee802154 : Phy.All[(int)(Value >> 48)];

    /// <summary>Whether it is that of a device with an extended address.</summary>
    public bool IsExtended => (long)Value < 0;

    /// <summary>All devices that an address can be. Looking each up is cheaper than looking through all devices.</summary>
    public static IEnumerable<DeviceId> OnAllPhys(MacAddress address) =>
        address.IsExtended ? [new(Phy.Ieee802154, address)] : Phy.All.Select(phy => new DeviceId(phy, address));
}
