using KismetOrleans.Wire.Link;

namespace KismetOrleans.Wire.Tests.Link;

/// <summary>A PPI header that was written says the same when it is read.</summary>
public sealed class PpiWriterTests
{
    [Theory]
    [InlineData(2_437_000u, (short)-61, (short)-95, (ushort)110, RadioEncoding.Cck, 0, false, 0)]
    [InlineData(5_180_000u, (short)-1, (short)0, (ushort)540, RadioEncoding.Ofdm, 4, false, 2)]
    [InlineData(0u, (short)-128, (short)-128, (ushort)0, RadioEncoding.Unknown, 4, true, 3)]
    public void What_is_written_is_read(
        uint khz, short signal, short noise, ushort rate, RadioEncoding encoding, int fcs, bool bad, byte fix)
    {
        RadioHeader written = new()
        {
            FrequencyKhz = khz,
            Signal = signal,
            SignalKind = SignalKind.Dbm,
            Noise = noise,
            Rate100Kbps = rate,
            Encoding = encoding,
            FcsLength = fcs,
            ReportedBadFcs = bad,
        };
        byte[] packet = new byte[PpiWriter.MaxLength + 14];
        int length = PpiWriter.Write(packet, written, fix, -33.8568, 151.2153, -12.5f);
        Assert.Equal(ParseStatus.Ok, LinkHeader.TryParse(LinkType.Ppi, packet.AsSpan(0, length + 14), length + 14, out RadioHeader read));
        Assert.Equal((length, LinkType.Ieee80211), (read.HeaderLength, read.Inner));
        Assert.Equal((khz, rate, encoding, fcs, bad), (read.FrequencyKhz, read.Rate100Kbps, read.Encoding, read.FcsLength, read.ReportedBadFcs));
        // -128 stands for what is not known.
        Assert.Equal(signal == -128 ? (SignalKind.None, (short)0) : (SignalKind.Dbm, signal), (read.SignalKind, read.Signal));
        Assert.Equal(noise == -128 ? (short)0 : noise, read.Noise);
        Assert.Equal(fix, read.Fix);
        Assert.Equal(fix >= 2 ? -33.8568 : 0, read.Latitude, 7);
        Assert.Equal(fix >= 2 ? 151.2153 : 0, read.Longitude, 7);
        Assert.Equal(fix == 3 ? -12.5f : 0, read.Altitude, 3);
        Assert.Equal(bad ? Anomalies.FcsBad : Anomalies.None, read.Anomalies);
    }
}
