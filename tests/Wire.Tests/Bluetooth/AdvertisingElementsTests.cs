using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Tests.Dot11;

namespace KismetOrleans.Wire.Tests.Bluetooth;

/// <summary>Elements of advertising data, and the words of a class of device.</summary>
public sealed class AdvertisingElementsTests
{
    [Fact]
    public void Elements_come_in_order_until_the_padding()
    {
        List<(AdvertisingType, int, bool, bool, bool)> seen = [];
        foreach (AdvertisingElements e in new AdvertisingElements(Make.Hex("030A180F 0311 0A18 05030A180F18 0314 0D18 0416AAFE10 0000 0201")))
        {
            seen.Add((e.Type, e.Value.Length, e.IsServices, e.IsSolicitation, e.IsServiceData));
        }
        Assert.Equal(
            [
                (AdvertisingType.TxPower, 2, false, false, false), ((AdvertisingType)0x11, 2, false, false, false), (AdvertisingType.Services16, 4, true, false, false),
                (AdvertisingType.Solicitation16, 2, false, true, false), (AdvertisingType.ServiceData16, 3, false, false, true),
            ],
            seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("05")]
    [InlineData("0509 6162")] // past the end
    public void What_runs_past_the_end_is_left_out(string hex) => Assert.False(new AdvertisingElements(Make.Hex(hex)).MoveNext());

    [Theory]
    [InlineData("0F18", "0000180F00001000800000805F9B34FB")]
    [InlineData("78563412", "1234567800001000800000805F9B34FB")]
    [InlineData("0F0E0D0C0B0A09080706050403020100", "000102030405060708090A0B0C0D0E0F")]
    public void A_UUID_is_read_in_full(string hex, string expected) =>
        Assert.Equal(expected, AdvertisingElements.ReadUuid(Make.Hex(hex)).ToString("X32", null));

    [Theory]
    [InlineData(0x5A020CU, "Phone", "Smartphone")]
    [InlineData(0x240404U, "Audio/Video", "Headset")]
    [InlineData(0x002540U, "Peripheral", "Keyboard")]
    [InlineData(0x000508U, "Peripheral", "Gamepad")]
    [InlineData(0x040680U, "Imaging", "Printer")]
    [InlineData(0x000600U, "Imaging", "")]
    [InlineData(0x001F00U, "Uncategorized", "")]
    [InlineData(0x000F00U, "", "")] // not assigned
    [InlineData(0x0001FCU, "Computer", "")] // minor class not assigned
    [InlineData(0x000000U, "Miscellaneous", "")]
    public void A_class_has_words(uint value, string major, string minor) =>
        Assert.Equal((major, minor), (new ClassOfDevice(value).Major, new ClassOfDevice(value).Minor));

    [Fact]
    public void Every_class_can_be_printed()
    {
        for (uint value = 0; value < 0x2000; value += 4)
        {
            Assert.NotNull(new ClassOfDevice(value).Major + new ClassOfDevice(value).Minor);
        }
    }
}
