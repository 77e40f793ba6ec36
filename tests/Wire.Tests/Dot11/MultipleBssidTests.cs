using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

public sealed class MultipleBssidTests
{
    // Beacon of 02:00:00:00:00:86, timestamp, 100 TU, capabilities with privacy, SSID "ab".
    private const string Head = "80000000 FFFFFFFFFFFF 020000000086 020000000086 1000 0102030405060708 6400 1100 0002 6162";
    private const string Rates = "010482848B96";
    private const string Rsn = "30140100000FAC040100000FAC040100000FAC020000";

    [Fact]
    public void A_network_is_the_beacon_that_it_would_send()
    {
        // Indicator 3: the last three bits count on from those of the sender and around: 6 + 3 = 9 → 1.
        byte[] made = Assert.Single(Make($"{Head} {Rates} {Rsn} 4710 03 000D 5302 1100 0002 7878 5503 030201"));
        Assert.Equal(
            TestHex("80000000 FFFFFFFFFFFF 020000000081 020000000081 1000 0102030405060708 6400 1100 0002 7878" + Rates + Rsn), made);
    }

    [Fact]
    public void What_a_network_says_itself_it_does_not_take_over()
    {
        // Rates of its own; of two vendors' elements one has the sender's owner and type; no privacy, so no RSN.
        byte[] made = Assert.Single(Make($"{Head} {Rates} {Rsn} DD05 0050F204 00 DD05 0050F202 00 4717 03 0014 5302 0100 0001 78 550101 0101 0C DD05 0050F204 77"));
        Assert.Equal(
            TestHex("80000000 FFFFFFFFFFFF 020000000087 020000000087 1000 0102030405060708 6400 0100 0001 78 01010C DD050050F20477 DD050050F20200"), made);
    }

    [Fact]
    public void What_it_says_that_it_has_not_is_left_out()
    {
        // Non-inheritance of element 1 and of extension 35.
        byte[] made = Assert.Single(Make($"{Head} {Rates} FF022300 FF022400 4714 03 0011 5302 1100 0001 78 550101 FF05 38 01 01 01 23"));
        Assert.Equal(
            TestHex("80000000 FFFFFFFFFFFF 020000000087 020000000087 1000 0102030405060708 6400 1100 0001 78 FF053801010123 FF022400"), made);
    }

    [Theory]
    [InlineData("4708 00 0005 5302 1100 00")] // no element is whole, indicator 0
    [InlineData("470B 03 0008 5302 1100 550100 00")] // index 0 is the sender
    [InlineData("470A 03 0007 5302 1100 550108")] // index beyond the indicator
    [InlineData("470A 09 0007 5302 1100 550101")] // indicator beyond a byte
    [InlineData("4706 03 0003 550101")] // no capability: the rest of another profile
    [InlineData("470A 03 0107 5302 1100 550101")] // no profile
    [InlineData("4700")]
    public void What_is_no_network_makes_none(string element) => Assert.Empty(Make($"{Head} {element}"));

    [Fact]
    public void A_frame_makes_only_so_many()
    {
        string profile = "0007 5302 1100 5501";
        string elements = string.Concat(Enumerable.Range(1, 60).Select(i => $"470A 06 {profile}{i:X2}"));
        Assert.Equal(MultipleBssid.MostNetworks, Make($"{Head} {elements}").Count);
    }

    [Fact]
    public void Only_frames_that_have_the_element_are_looked_at()
    {
        byte[] frame = TestHex($"{Head} {Rates}");
        Assert.Equal(ParseStatus.Ok, Dot11Parser.TryParse(frame, false, out Dot11Frame f));
        Assert.False(MultipleBssid.IsIn(frame, f));
    }

    private static byte[] TestHex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    private static List<byte[]> Make(string hex)
    {
        byte[] frame = TestHex(hex);
        Assert.Equal(ParseStatus.Ok, Dot11Parser.TryParse(frame, false, out Dot11Frame f));
        Assert.True(MultipleBssid.IsIn(frame, f));
        MultipleBssid networks = new(frame, f);
        List<byte[]> all = [];
        byte[] beacon = new byte[MultipleBssid.MostBytes];
        while (networks.TryNext(beacon, out int length))
        {
            all.Add(beacon[..length]);
        }
        return all;
    }
}
