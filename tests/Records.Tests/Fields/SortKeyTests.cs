using FsCheck;
using FsCheck.Fluent;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Tests.Fields;

/// <summary>Orders are natural, total, and hold for anything that is compared.</summary>
public class SortKeyTests
{
    // Few characters, so that equal beginnings, digit runs and leading zeros occur often.
    private static readonly Gen<string> Text =
        Gen.ArrayOf(Gen.Elements("0129aAb:é ".ToCharArray())).Select(static c => new string(c));

    private static readonly Arbitrary<SortKey[]> Keys = Gen.ArrayOf(
        Gen.OneOf(
            Text.Select(static t => new SortKey(0, t)),
            Gen.Elements(0, 1, -1, 2.5, double.NaN, double.PositiveInfinity).Select(static n => new SortKey(n))),
        3).ToArbitrary();

    [Theory]
    [InlineData("a2", "a10")]
    [InlineData("1A", "19")]
    [InlineData("AA:BB:1A", "AA:BB:19")]
    [InlineData("", "a")]
    [InlineData("a", "ab")]
    [InlineData("1", "a")]
    [InlineData("a1", "aa")]
    [InlineData("a1", "a ")]
    [InlineData("A", "a")]
    [InlineData("x9y", "x10")]
    [InlineData("v1.9.10", "v1.10.2")]
    [InlineData("99999999999999999999998", "99999999999999999999999")]
    [InlineData("00000000000000000000000000001", "2")]
    public void Digits_compare_as_numbers(string less, string greater)
    {
        Assert.Equal(-1, SortKey.CompareNatural(less, greater));
        Assert.Equal(1, SortKey.CompareNatural(greater, less));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a01b", "a1b")]
    [InlineData("000", "0")]
    public void Leading_zeros_do_not_count(string a, string b) => Assert.Equal(0, SortKey.CompareNatural(a, b));

    [Fact]
    public void Swapping_turns_the_order_round() => Prop.ForAll(
        Keys, static k => Math.Sign(SortKey.Compare(k[0], k[1])) == -Math.Sign(SortKey.Compare(k[1], k[0]))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_key_is_equal_to_itself() =>
        Prop.ForAll(Keys, static k => SortKey.Compare(k[0], k[0]) == 0).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_is_transitive() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5000),
        Prop.ForAll(Keys, static k =>
        {
            Array.Sort(k, static (a, b) => SortKey.Compare(a, b));
            return SortKey.Compare(k[0], k[1]) <= 0 && SortKey.Compare(k[1], k[2]) <= 0 && SortKey.Compare(k[0], k[2]) <= 0
                && (SortKey.Compare(k[0], k[2]) != 0 || (SortKey.Compare(k[0], k[1]) == 0 && SortKey.Compare(k[1], k[2]) == 0));
        }));

    [Fact]
    public void What_is_absent_comes_first()
    {
        Assert.True(SortKey.Compare(default, new(0, "")) < 0);
        Assert.True(SortKey.Compare(default, new(1)) < 0);
        Assert.Equal(0, SortKey.Compare(default, new(0)));
    }

    [Theory]
    [InlineData("kismet.device.base.packets.total", true)]
    [InlineData("kismet.device.base.macaddr", true)]
    [InlineData("kismet.device.base.key", true)]
    [InlineData("kismet.device.base.name", false)]
    [InlineData("kismet.device.base.signal/kismet.common.signal.last_signal", true)]
    [InlineData("kismet.device.base.signal/kismet.common.signal.type", false)]
    [InlineData("dot11.device/dot11.device.client_map/E8:DE:27:F3:FE:39/dot11.client.dhcp_host", false)]
    [InlineData("no.such.field", true)]
    public void Orders_of_fields(string path, bool numeric) => Assert.Equal(numeric, DeviceTable.Table.Order(path).IsNumeric);

    [Fact]
    public void Keys_of_fields()
    {
        Device device = Samples.AccessPoint();
        Assert.Equal(new SortKey(54), Key("kismet.device.base.packets.total", device));
        Assert.Equal(new SortKey(0xAABBCCDDEE01), Key("kismet.device.base.macaddr", device));
        Assert.Equal(new SortKey(-82), Key("kismet.device.base.signal/kismet.common.signal.last_signal", device));
        Assert.Equal(new SortKey(0, "Wi-Fi AP"), Key("kismet.device.base.type", device));
        Assert.Equal(new SortKey(54), Key("kismet.device.base.freq_khz_map/2437000", device));
        Assert.Equal(new SortKey(54), Key("kismet.device.base.packets.rrd/kismet.common.rrd.last_value_n1", device));
        Assert.Equal(default, Key("kismet.device.base.signal/kismet.common.signal.last_signal", Samples.Bare()));
        Assert.Equal(default, Key("no.such.field", device));
        Assert.Equal(SortKey.OfAddress(new(0x001122334406)), Key("kismet.device.base.commonname", Samples.Bare()));
    }

    [Fact]
    public void An_address_that_stands_for_a_name_comes_before_names_and_by_value()
    {
        SortKey[] keys = [new(0, "0"), new(0, "zebra"), SortKey.OfAddress(new(0x00000000001A)), SortKey.OfAddress(new(0x000000000019)), new(3), new(0, "")];
        Array.Sort(keys, static (a, b) => SortKey.Compare(a, b));
        Assert.Equal([new(3), SortKey.OfAddress(new(0x000000000019)), SortKey.OfAddress(new(0x00000000001A)), new(0, ""), new(0, "0"), new(0, "zebra")], keys);
    }

    private static SortKey Key(string path, Device device) => DeviceTable.Table.Order(path).Key(device, Samples.Context());
}
