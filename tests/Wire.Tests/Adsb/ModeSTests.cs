using KismetOrleans.Wire.Adsb;

namespace KismetOrleans.Wire.Tests.Adsb;

/// <summary>What aircraft tell of themselves.</summary>
public sealed class ModeSTests
{
    private const uint Icao = 0xABCDEF;

    [Fact]
    public void An_even_and_an_odd_position_are_a_place()
    {
        foreach ((double latitude, double longitude) in ((double, double)[])[(52.5, 13.25), (-52.5, -70.75), (52.9, -179.9), (52.0, 179.99)])
        {
            Assert.Equal(ParseStatus.Ok, ModeS.TryParse(Squitter.At(Icao, latitude, longitude, isOdd: false, 38_000), out ModeS even));
            Assert.Equal(ParseStatus.Ok, ModeS.TryParse(Squitter.At(Icao, latitude, longitude, isOdd: true, 38_000), out ModeS odd));
            Assert.Equal((Icao, ModeSContent.Position, false, true), (even.Icao, even.Content, even.IsOdd, odd.IsOdd));
            Assert.Equal(38_000 * 0.3048, even.Altitude!.Value, 0.1);
            foreach (bool isOddNewer in (bool[])[true, false])
            {
                Assert.True(CompactPosition.TryDecode(even.RawLatitude, even.RawLongitude, odd.RawLatitude, odd.RawLongitude, isOddNewer, out double north, out double east));
                Assert.Equal(latitude, north, 0.001);
                Assert.Equal(longitude, east, 0.001);
            }
        }
    }

    [Fact]
    public void Speed_and_heading_are_those_of_their_parts()
    {
        Assert.Equal(ParseStatus.Ok, ModeS.TryParse(Squitter.Flying(Icao, -30, -40), out ModeS flying));
        Assert.Equal(ModeSContent.Velocity, flying.Content);
        Assert.Equal(50 * 1.852, flying.Speed!.Value, 0.01);
        Assert.Equal(216.87, flying.Heading!.Value, 0.01);
    }

    [Fact]
    public void One_wrong_bit_anywhere_is_noticed()
    {
        byte[] message = Squitter.Named(Icao, "TEST123");
        Assert.Equal(ParseStatus.Ok, ModeS.TryParse(message, out ModeS named));
        Assert.Equal(ModeSContent.Identification, named.Content);
        for (int bit = 0; bit < 8 * message.Length; bit++)
        {
            byte[] wrong = [.. message];
            wrong[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(ParseStatus.Ok, ModeS.TryParse(wrong, out _));
        }
    }

    [Fact]
    public void What_names_no_sender_or_is_cut_is_not_taken()
    {
        Assert.Equal(ParseStatus.Ok, ModeS.TryParse(Squitter.AllCall(Icao), out ModeS call));
        Assert.Equal((Icao, ModeSContent.None), (call.Icao, call.Content));
        Assert.Equal(ParseStatus.Unsupported, ModeS.TryParse(new byte[14], out _));
        byte[] message = Squitter.Named(Icao, "TEST123");
        for (int length = 0; length < message.Length; length++)
        {
            Assert.Equal(ParseStatus.Truncated, ModeS.TryParse(message.AsSpan(0, length), out _));
        }
        Assert.Equal(ParseStatus.Malformed, ModeS.TryParse([.. message, 0], out _));
    }
}
