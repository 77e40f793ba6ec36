using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator;

/// <summary>How a station sounds at the receiver.</summary>
/// <param name="Channel">Its channel.</param>
/// <param name="Signal">Its usual signal in dBm.</param>
public sealed record Radio(Channel Channel, sbyte Signal)
{
    /// <summary>How far the signal swings as the station or people move, in dB.</summary>
    public int Swing { get; init; } = 4;

    /// <summary>Seconds of one swing.</summary>
    public double Period { get; init; } = 47;

    /// <summary>HT MCS of its data frames.</summary>
    public byte? HtMcs { get; init; }

    /// <summary>VHT MCS of its data frames.</summary>
    public byte? VhtMcs { get; init; }

    /// <summary>Whether the receiver that hears it reports its clock.</summary>
    public bool HasTimer { get; init; } = true;

    /// <summary>Whether the receiver that hears it reports each antenna.</summary>
    public bool HasAntennas { get; init; }

    /// <summary>The signal at a time: usual, swung, and jittered by 1 dB.</summary>
    public sbyte SignalAt(TimeSpan at, Dice dice)
    {
        // A triangle, not a sine: whole numbers are the same on every machine.
        double phase = at.TotalSeconds / Period % 1;
        int swing = (int)Math.Round((Math.Abs(phase - 0.5) * 4 - 1) * Swing);
        return (sbyte)Math.Clamp(Signal + swing + dice.Between(-1, 1), -94, -15);
    }
}

/// <summary>Anything that sends: an address and a counter of sequence numbers (clause 10.3.2.14.2).</summary>
/// <param name="address">Its MAC address.</param>
/// <param name="radio">How it sounds.</param>
public class Sender(MacAddress address, Radio radio)
{
    private ushort sequence = (ushort)(address.Value * 37 % 4096);

    /// <summary>Its MAC address.</summary>
    public MacAddress Address { get; } = address;

    /// <summary>How it sounds.</summary>
    public Radio Radio { get; } = radio;

    /// <summary>The next sequence number, 0–4095.</summary>
    public ushort NextSequence() => sequence = (ushort)((sequence + 1) & 0x0FFF);
}
