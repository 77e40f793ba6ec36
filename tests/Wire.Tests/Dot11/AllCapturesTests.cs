using KismetOrleans.Wire.Bluetooth;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Every frame of every shared capture, the broken ones too, goes through every parser without an exception.</summary>
public sealed class AllCapturesTests
{
    [SharedFact]
    public void Nothing_in_the_captures_makes_a_parser_throw()
    {
        int frames = 0;
        foreach (string file in SharedCaptures.Files)
        {
            foreach ((LinkType inner, byte[] frame, bool cut) in SharedCaptures.Frames(file))
            {
                frames++;
                if (inner == LinkType.BtleLinkLayer)
                {
                    BtleAdvertising.TryParse(frame, out _);
                }
                else
                {
                    AllParsers.Run(frame, cut);
                }
            }
        }
        Assert.True(frames > 20_000, $"{frames} frames");
    }
}
