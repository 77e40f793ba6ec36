using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Made frames of every kind, cut at every length and with bytes changed: no exception, no slice outside, no allocation.</summary>
[Collection(Collections.CryptText)]
public sealed class SpoiledFramesTests
{
    [Fact]
    public void Every_sample_is_whole_and_well_formed()
    {
        foreach (byte[] frame in SampleFrames.All)
        {
            Dot11Frame f = Make.Parse(frame);
            Assert.Equal(Anomalies.None, f.Anomalies);
            if (f.ElementsOffset != 0)
            {
                Assert.Equal(ParseStatus.Ok, Dot11ElementsParser.TryParse(frame.AsSpan(f.ElementsOffset), f.Kind, false, out _));
            }
        }
    }

    [Fact]
    public void Cutting_anywhere_never_reads_past_the_end()
    {
        foreach (byte[] frame in SampleFrames.All)
        {
            for (int length = 0; length <= frame.Length; length++)
            {
                // A copy of just this length: reading past it would throw.
                byte[] head = frame[..length];
                AllParsers.Run(head, cut: true);
                AllParsers.Run(head, cut: false);
            }
        }
    }

    [Fact]
    public void Changed_bytes_never_make_a_parser_throw()
    {
        var random = new Random(802_11);
        foreach (byte[] frame in SampleFrames.All)
        {
            for (int round = 0; round < 4_000; round++)
            {
                byte[] spoiled = frame[..random.Next(frame.Length + 1)];
                for (int i = random.Next(1, 6); i > 0 && spoiled.Length > 0; i--)
                {
                    spoiled[random.Next(spoiled.Length)] = (byte)random.Next(256);
                }
                AllParsers.Run(spoiled, cut: (round & 1) != 0);
            }
        }
    }

    [Fact]
    public void Noise_never_makes_a_parser_throw()
    {
        var random = new Random(2020);
        byte[] noise = new byte[400];
        for (int round = 0; round < 50_000; round++)
        {
            random.NextBytes(noise);
            noise[0] &= 0xFC;
            AllParsers.Run(noise.AsSpan(0, random.Next(noise.Length + 1)), cut: false);
        }
    }

    [Fact]
    public void Parsing_allocates_nothing()
    {
        byte[][] frames = [.. SampleFrames.All];
        ParseAll(frames);
        // The least of some: a collection that another test causes can be charged to this thread.
        Assert.True(Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ParseAll(frames);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }) <= 0);
    }

    private static void ParseAll(byte[][] frames)
    {
        foreach (byte[] frame in frames)
        {
            Dot11Parser.TryParse(frame, cut: false, out Dot11Frame f);
            Dot11ElementsParser.TryParse(frame.AsSpan(f.ElementsOffset), f.Kind, cut: false, out Dot11Elements e);
            CryptText.ToText(e.Crypt);
            CryptText.ToLegacySet(e.Crypt);
            EapolKey.TryParse(frame, in f, out _);
            EapPacket.TryParse(frame, in f, out _);
            EapWps.IsM3(frame, in f);
            NeighborReport.HighestChannel(frame, in f);
            OpenDroneId.TryParse(e.OpenDroneId.Of(frame.AsSpan(f.ElementsOffset)), out _);
            DjiDroneId.TryParse(e.DjiDroneId.Of(frame.AsSpan(f.ElementsOffset)), out _);
        }
    }
}
