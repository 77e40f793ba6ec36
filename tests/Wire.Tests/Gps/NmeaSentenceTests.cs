using System.Text;
using KismetOrleans.Wire.Gps;

namespace KismetOrleans.Wire.Tests.Gps;

/// <summary>Sentences of GPS receivers: what they say, and what is no sentence.</summary>
public sealed class NmeaSentenceTests
{
    // The example of the standard's GGA, and an RMC of the same second with speed and course.
    private const string Gga = "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47";
    private const string Rmc = "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230324,003.1,W*61";

    [Fact]
    public void Time_place_and_motion_come_from_several_sentences()
    {
        NmeaFix fix = default;
        Assert.True(Read(Rmc, ref fix));
        Assert.Equal(2, fix.Fix);
        Assert.Equal(48.1173, fix.Latitude, 4);
        Assert.Equal(11.516667, fix.Longitude, 6);
        Assert.Equal(41.4848f, fix.Speed, 3);
        Assert.Equal(84.4f, fix.Heading);
        Assert.Equal(DateTimeOffset.Parse("2024-03-23T12:35:19Z", null).ToUnixTimeSeconds(), fix.TimeNs / 1_000_000_000);
        Assert.True(Read(Gga, ref fix));
        Assert.Equal((3, 545.4f), (fix.Fix, fix.Altitude));
        Assert.False(Read("$GNVTG,90.5,T,87.2,M,10.0,N,18.5,K,A", ref fix));
        Assert.Equal((18.5f, 90.5f, 87.2f), (fix.Speed, fix.Heading, fix.MagneticHeading));
    }

    [Fact]
    public void South_and_west_are_negative_and_midnight_is_crossed()
    {
        NmeaFix fix = default;
        Assert.True(Read("$GNRMC,235959.90,A,3350.000,S,15112.000,W,0.0,,311223,,,A", ref fix));
        Assert.Equal((-33.833333, -151.2), (Math.Round(fix.Latitude, 6), Math.Round(fix.Longitude, 6)));
        Assert.True(Read("$GNGGA,000000.90,3350.000,S,15112.000,W,1,05,1.0,,M,,M,,", ref fix));
        Assert.Equal(DateTimeOffset.Parse("2024-01-01T00:00:00Z", null).ToUnixTimeSeconds(), fix.TimeNs / 1_000_000_000);
        // Without an altitude two dimensions are all there is.
        Assert.Equal(2, fix.Fix);
    }

    [Fact]
    public void A_receiver_that_says_two_dimensions_has_no_third()
    {
        NmeaFix fix = default;
        Assert.False(Read("$GPGSA,A,2,04,05,,,,,,,,,,,2.5,1.3,2.1", ref fix));
        Assert.True(Read(Gga, ref fix));
        Assert.Equal(2, fix.Fix);
    }

    [Theory]
    [InlineData("$GPGGA,123519,,,,,0,00,,,M,,M,,")]
    [InlineData("$GPRMC,123519,V,,,,,,,230324,,")]
    public void A_lost_fix_is_told(string line)
    {
        NmeaFix fix = default;
        Assert.True(Read(Gga, ref fix));
        Assert.True(Read(line, ref fix));
        Assert.Equal(0, fix.Fix);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GPGGA,123519")]
    [InlineData("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*48")]
    [InlineData("$GPGGA,123519*4")]
    [InlineData("$GPGGA,123519*ZZ")]
    [InlineData("$A,1234")]
    public void What_is_no_sentence_changes_nothing(string line)
    {
        NmeaFix fix = default;
        Assert.Equal(ParseStatus.Malformed, NmeaSentence.TryRead(Encoding.ASCII.GetBytes(line), ref fix, out bool isPosition));
        Assert.False(isPosition);
        Assert.Equal(default, fix);
    }

    [Theory]
    [InlineData("$GPGGA,123519,9107.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,")]
    [InlineData("$GPGGA,123519,4867.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,")]
    [InlineData("$GPGGA,123519,4807.038,N,18131.000,E,1,08,0.9,545.4,M,46.9,M,,")]
    [InlineData("$GPGGA,123519,4807.038,N,x,E,1")]
    [InlineData("$GPGGA,123519,4807.038,,01131.000,E,1")]
    public void An_impossible_place_is_none(string line)
    {
        NmeaFix fix = default;
        Assert.False(Read(line, ref fix));
        Assert.Equal(0, fix.Fix);
    }

    [Fact]
    public void Noise_of_any_kind_is_survived_and_gives_no_impossible_place()
    {
        Random random = new(7);
        byte[] sentence = Encoding.ASCII.GetBytes(Rmc[..^3]);
        NmeaFix fix = default;
        for (int i = 0; i < 20_000; i++)
        {
            byte[] line = (byte[])sentence.Clone();
            for (int hits = random.Next(1, 5); hits > 0; hits--)
            {
                line[random.Next(line.Length)] = (byte)random.Next(256);
            }
            _ = NmeaSentence.TryRead(line.AsSpan(0, random.Next(line.Length + 1)), ref fix, out _);
            Assert.True(Math.Abs(fix.Latitude) <= 90 && Math.Abs(fix.Longitude) <= 180 && fix.Fix <= 3, Encoding.Latin1.GetString(line));
        }
    }

    private static bool Read(string line, ref NmeaFix fix)
    {
        Assert.Equal(ParseStatus.Ok, NmeaSentence.TryRead(Encoding.ASCII.GetBytes(line), ref fix, out bool isPosition));
        return isPosition;
    }
}
