using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Bits of the extended capabilities and their names.</summary>
public sealed class ExtendedCapabilitiesTests
{
    [Fact]
    public void Names_sit_at_their_bit_numbers()
    {
        Assert.Equal("20/40 BSS coexistence management", ExtendedCapabilities.Names[0]);
        Assert.Equal("BSS transition", ExtendedCapabilities.Names[19]);
        Assert.Equal("Multiple BSSID", ExtendedCapabilities.Names[22]);
        Assert.Equal("Interworking", ExtendedCapabilities.Names[31]);
        Assert.Equal("TDLS", ExtendedCapabilities.Names[37]);
        Assert.Equal("UTF-8 SSID", ExtendedCapabilities.Names[48]);
        Assert.Equal("Operating mode notification", ExtendedCapabilities.Names[62]);
        Assert.Equal("Fine timing measurement responder", ExtendedCapabilities.Names[70]);
        Assert.Equal("TWT responder", ExtendedCapabilities.Names[78]);
        Assert.Equal("Beacon protection", ExtendedCapabilities.Names[84]);
    }

    [Fact]
    public void Set_bits_are_walked_over_but_for_reserved_ones()
    {
        // Bits 0, 5 (reserved), 19 and 62, and one beyond the table.
        byte[] capabilities = Make.Hex("21 00 08 00 00 00 00 40 00 00 00 00 80");
        var bits = new List<int>();
        for (int bit = ExtendedCapabilities.NextNamed(capabilities, 0); bit >= 0; bit = ExtendedCapabilities.NextNamed(capabilities, bit + 1))
        {
            bits.Add(bit);
        }
        Assert.Equal([0, 19, 62], bits);
        Assert.Equal(-1, ExtendedCapabilities.NextNamed([], 0));
    }
}
