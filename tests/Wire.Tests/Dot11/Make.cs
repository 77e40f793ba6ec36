using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Makes bytes for tests: hex with spaces, elements, frames. Addresses are 02:00:00:00:00:0x, which nobody owns.</summary>
internal static class Make
{
    internal const string Station = "020000000001";
    internal const string Ap = "020000000002";
    internal const string Other = "020000000003";
    internal const string Fourth = "020000000004";
    internal const string Broadcast = "FFFFFFFFFFFF";

    internal static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "").Replace("\n", "").Replace("\r", ""));

    internal static MacAddress Mac(string hex) => MacAddress.Read(Hex(hex));

    internal static string Element(byte id, string body) => $"{id:X2}{Hex(body).Length:X2}{body}";

    /// <summary>Beacon of <see cref="Ap"/>: TSF 0x0102030405060708, 100 TU, ESS and short slot time.</summary>
    internal static byte[] Beacon(params string[] elements) =>
        Hex($"8000 0000 {Broadcast}{Ap}{Ap} 1000 0807060504030201 6400 0104 {string.Concat(elements)}");

    /// <summary>Data frame of <see cref="Station"/> to the distribution system of <see cref="Ap"/>; sequence number 1.</summary>
    internal static byte[] ToDs(string body) => Hex($"0801 0000 {Ap}{Station}{Other} 1000 {body}");

    /// <summary>QoS data frame to the distribution system with the given QoS control field.</summary>
    internal static byte[] QosToDs(string qos, string body) => Hex($"8801 0000 {Ap}{Station}{Other} 1000 {qos} {body}");

    internal static Dot11Frame Parse(byte[] frame, ParseStatus expected = ParseStatus.Ok, bool cut = false)
    {
        Assert.Equal(expected, Dot11Parser.TryParse(frame, cut, out Dot11Frame f));
        return f;
    }

    internal static Dot11Elements Elements(string hex, ParseStatus expected = ParseStatus.Ok, FrameKind kind = FrameKind.Beacon, bool cut = false)
    {
        Assert.Equal(expected, Dot11ElementsParser.TryParse(Hex(hex), kind, cut, out Dot11Elements e));
        return e;
    }

    internal static string Text(this Slice slice, byte[] bytes) => System.Text.Encoding.ASCII.GetString(slice.Of(bytes));
}

/// <summary>Names of tests that must not run beside each other.</summary>
internal static class Collections
{
    /// <summary>One test floods the cache of <see cref="CryptText"/>, another counts on it.</summary>
    internal const string CryptText = "CryptText";
}
