// IEEE Std 802.11-2020, annex E: operating classes and channel numbers.
namespace KismetOrleans.SampleGenerator;

/// <summary>Frequency bands.</summary>
public enum Band
{
    /// <summary>2.4 GHz.</summary>
    Ghz2,

    /// <summary>5 GHz.</summary>
    Ghz5,

    /// <summary>6 GHz.</summary>
    Ghz6,
}

/// <summary>A 20 MHz channel.</summary>
/// <param name="Band">The band.</param>
/// <param name="Number">The channel's number in its band.</param>
public readonly record struct Channel(Band Band, byte Number)
{
    /// <summary>Centre frequency.</summary>
    public ushort FrequencyMhz => Band switch
    {
        Band.Ghz2 => (ushort)(Number == 14 ? 2484 : 2407 + 5 * Number),
        Band.Ghz5 => (ushort)(5000 + 5 * Number),
        _ => (ushort)(5950 + 5 * Number),
    };

    /// <summary>Number of the centre of the 80 MHz channel that this channel is part of (5 and 6 GHz).</summary>
    public byte Center80 => Band == Band.Ghz6
        ? (byte)(7 + 16 * ((Number - 1) / 16))
        : (byte)(Number < 149 ? 42 + 16 * ((Number - 36) / 16) : 155 + 16 * ((Number - 149) / 16));

    /// <summary>Number of the centre of the 160 MHz channel that this channel is part of (5 GHz below 149, and 6 GHz).</summary>
    public byte Center160 => Band == Band.Ghz6 ? (byte)(15 + 32 * ((Number - 1) / 32)) : (byte)(50 + 32 * ((Number - 36) / 32));

    /// <summary>Number of the centre of the 320 MHz channel (6 GHz).</summary>
    public byte Center320 => (byte)(31 + 64 * ((Number - 1) / 64));

    /// <summary>A channel of the 2.4 GHz band.</summary>
    public static Channel On2(byte number) => new(Band.Ghz2, number);

    /// <summary>A channel of the 5 GHz band.</summary>
    public static Channel On5(byte number) => new(Band.Ghz5, number);

    /// <summary>A channel of the 6 GHz band.</summary>
    public static Channel On6(byte number) => new(Band.Ghz6, number);
}
