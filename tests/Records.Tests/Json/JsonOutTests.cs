using System.Globalization;
using System.Text;
using System.Text.Json;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Tests.Json;

/// <summary>Single values are printed as Kismet prints them, and whatever goes in, JSON comes out.</summary>
public class JsonOutTests
{
    [Theory]
    [InlineData(0d, "0.0")]
    [InlineData(2412000d, "2412000.0")]
    [InlineData(-82d, "-82.0")]
    [InlineData(0.9, "0.900000")]
    [InlineData(0.716667, "0.716667")]
    [InlineData(0.0000004, "0.000000")]
    [InlineData(-1.5, "-1.500000")]
    [InlineData(0.9999996, "1.000000")]
    [InlineData(1795248303.407215, "1795248303.407215")]
    [InlineData(18848.716666666667, "18848.716667")]
    [InlineData(0.0000005, "0.000000")]
    [InlineData(0.0000015, "0.000002")]
    [InlineData(9007199254740991d, "9007199254740991.0")]
    [InlineData(-9223372036854775808d, "-9223372036854775808.0")]
    [InlineData(1e22, "10000000000000000000000.0")]
    [InlineData(double.NaN, "0.0")]
    [InlineData(double.PositiveInfinity, "0.0")]
    [InlineData(double.NegativeInfinity, "0.0")]
    public void Doubles_have_a_point_always_and_six_decimals_where_they_have_a_fraction(double value, string expected) =>
        Assert.Equal(expected, Samples.Print(json => json.Number(value)));

    [Fact]
    public void Doubles_are_rounded_as_the_exact_algorithm_rounds()
    {
        Random random = new(1);
        for (int i = 0; i < 100_000; i++)
        {
            // Half of them near a rounding boundary, all magnitudes that occur.
            double value = i % 2 == 0
                ? (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-7, 15))
                : (random.Next() + 0.5 + (random.Next(3) - 1) * 1e-9) / 1_000_000;
            if (value != Math.Truncate(value))
            {
                Assert.Equal(value.ToString("F6", CultureInfo.InvariantCulture), Samples.Print(json => json.Number(value)));
            }
        }
    }

    [Fact]
    public void The_greatest_double_fits() => Assert.Equal(311, Samples.Print(static json => json.Number(double.MaxValue)).Length);

    [Theory]
    [InlineData(0UL, "0")]
    [InlineData(9UL, "9")]
    [InlineData(10UL, "10")]
    [InlineData(ulong.MaxValue, "18446744073709551615")]
    public void Unsigned_integers(ulong value, string expected) => Assert.Equal(expected, Samples.Print(json => json.Number(value)));

    [Theory]
    [InlineData(-1L, "-1")]
    [InlineData(long.MinValue, "-9223372036854775808")]
    [InlineData(long.MaxValue, "9223372036854775807")]
    public void Signed_integers(long value, string expected) => Assert.Equal(expected, Samples.Print(json => json.Number(value)));

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("linksys", "\"linksys\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"")]
    [InlineData("\0\u001F", "\"\\u0000\\u001F\"")]
    [InlineData("\u007F", "\"\u007F\"")]
    [InlineData("café", "\"café\"")]
    [InlineData("日本\n", "\"日本\\n\"")]
    [InlineData("😀", "\"😀\"")]
    public void Strings_are_escaped_where_JSON_asks_for_it(string text, string expected) =>
        Assert.Equal(expected, Samples.Print(json => json.String(text)));

    [Fact]
    public void A_lone_surrogate_is_replaced()
    {
        Assert.Equal("\"x\uFFFD\"", Samples.Print(static json => json.String("x\uD83D")));
        Assert.Equal("\"\uFFFDy\"", Samples.Print(static json => json.String("\uDE00y")));
        Assert.Equal("\"\uFFFD😀\"", Samples.Print(static json => json.String("\uD83D\uD83D\uDE00")));
    }

    [Fact]
    public void Any_string_comes_back()
    {
        Random random = new(2);
        char[] alphabet = [.. Enumerable.Range(0, 0x90).Select(static c => (char)c), '\u2028', '\uFFFF', '日', '\uD83D', '\uDE00'];
        for (int i = 0; i < 20_000; i++)
        {
            string text = new(random.GetItems(alphabet, random.Next(40)));
            string clean = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            Assert.Equal(clean, Samples.Parse(Samples.Print(json => json.String(text))).GetString());
        }
    }

    [Fact]
    public void A_null_string_is_empty() => Assert.Equal("\"\"", Samples.Print(static json => json.String(null)));

    [Fact]
    public void Addresses_keys_uuids_and_bytes_are_upper_case()
    {
        Assert.Equal("\"00:0A:BC:DE:F0:12\"", Samples.Print(static json => json.Mac(new(0x000ABCDEF012))));
        Assert.Equal("\"C62213E6-E580-11F1-A31F-4B49534D4554\"", Samples.Print(static json => json.Uuid(Samples.Server)));
        Assert.Equal("\"0001ABFF\"", Samples.Print(static json => json.Hex([0x00, 0x01, 0xAB, 0xFF])));
        Assert.Equal("\"\"", Samples.Print(static json => json.Hex([])));
    }

    [Theory]
    [InlineData(0x001122334406UL, "4202770D00000000_64433221100")]
    [InlineData(0xAABBCCDDEE01UL, "4202770D00000000_1EEDDCCBBAA")]
    [InlineData(0x00BB00000001UL, "4202770D00000000_1000000BB00")]
    [InlineData(0UL, "4202770D00000000_0")]
    public void Keys_drop_leading_zeros(ulong address, string expected)
    {
        DeviceId id = new(Phy.Dot11, new(address));
        Assert.Equal($"\"{expected}\"", Samples.Print(json => json.Key(id)));
        Assert.Equal(expected, DeviceKey.Format(id));
    }

    [Fact]
    public void Keys_of_every_phy_are_those_of_DeviceKey()
    {
        foreach (Phy phy in Phy.All)
        {
            DeviceId id = new(phy, new(0xFEDCBA987654));
            Assert.Equal($"\"{DeviceKey.Format(id)}\"", Samples.Print(json => json.Key(id)));
        }
    }

    [Fact]
    public void A_position_has_its_longitude_first() =>
        Assert.Equal("[8.500000,47.0]", Samples.Print(static json => json.Geo(8.5, 47)));

    [Fact]
    public void The_buffer_grows_and_keeps_what_it_has()
    {
        using JsonOut json = new(1);
        StringBuilder expected = new();
        for (int i = 0; i < 10_000; i++)
        {
            json.Number((ulong)i);
            json.Raw("\n"u8);
            expected.Append(i).Append('\n');
        }
        Assert.Equal(expected.ToString(), Encoding.UTF8.GetString(json.WrittenSpan));
        json.Truncate(2);
        Assert.Equal("0\n"u8, json.Written.Span);
        json.Clear();
        Assert.Equal(0, json.Length);
    }

    [Fact]
    public void A_JSON_writer_can_write_to_it()
    {
        using JsonOut json = new(1);
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteString("a", new string('x', 5000));
            writer.WriteEndObject();
        }
        Assert.Equal(5008, json.Length);
    }

    [Fact]
    public void Advancing_past_the_buffer_is_refused()
    {
        using JsonOut json = new(16);
        int room = json.GetSpan().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => json.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => json.Advance(-1));
    }
}
