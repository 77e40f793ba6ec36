// radiotap.org, "Defined fields": every field is aligned to its own size from the start of the header.
namespace KismetOrleans.SampleGenerator;

/// <summary>What a receiver says about a frame, written as a radiotap header.</summary>
public sealed record Radiotap
{
    private const byte FlagFcsAtEnd = 0x10;

    /// <summary>The channel that the frame was heard on.</summary>
    public required Channel Channel { get; init; }

    /// <summary>Signal in dBm.</summary>
    public required sbyte Signal { get; init; }

    /// <summary>Noise in dBm.</summary>
    public sbyte Noise { get; init; } = -95;

    /// <summary>The receiver's clock in µs (TSFT); null leaves the field out.</summary>
    public ulong? Timer { get; init; }

    /// <summary>Rate in 500 kbit/s; 0 leaves the field out, as frames with an MCS have none.</summary>
    public byte Rate { get; init; }

    /// <summary>HT MCS index at 20 MHz with long guard interval; null leaves the field out.</summary>
    public byte? HtMcs { get; init; }

    /// <summary>VHT MCS index at 80 MHz with two streams; null leaves the field out.</summary>
    public byte? VhtMcs { get; init; }

    /// <summary>Whether the frame ends with its check sequence.</summary>
    public bool HasFcs { get; init; }

    /// <summary>Signals of single antennas in dBm; each gets a present word of its own, chained to the first.</summary>
    public IReadOnlyList<sbyte> Antennas { get; init; } = [];

    /// <summary>The header's bytes.</summary>
    public byte[] ToHeader()
    {
        // TSFT 0, flags 1, rate 2, channel 3, signal 5, noise 6, antenna 11, MCS 19, VHT 21.
        uint present = (Timer is null ? 0 : 1u << 0) | (1u << 1) | (Rate == 0 ? 0 : 1u << 2) | (1u << 3) | (1u << 5) | (1u << 6)
            | (HtMcs is null ? 0 : 1u << 19) | (VhtMcs is null ? 0 : 1u << 21);
        // Bit 29 begins a new radiotap namespace, bit 31 says that another word follows.
        uint chain = Antennas.Count > 0 ? (1u << 29) | (1u << 31) : 0;
        var header = new FrameBuilder().U8(0).U8(0).U16(0).U32(present | chain);
        for (int i = 0; i < Antennas.Count; i++)
        {
            header.U32((1u << 5) | (1u << 11) | (i + 1 < Antennas.Count ? (1u << 29) | (1u << 31) : 0));
        }
        if (Timer is { } timer)
        {
            header.Align(8).U64(timer);
        }
        header.U8(HasFcs ? FlagFcsAtEnd : (byte)0);
        if (Rate != 0)
        {
            header.U8(Rate);
        }
        header.Align(2).U16(Channel.FrequencyMhz).U16(ChannelFlags).U8((byte)Signal).U8((byte)Noise);
        if (HtMcs is { } ht)
        {
            // Known: bandwidth, MCS index, guard interval.
            header.U8(0x07).U8(0).U8(ht);
        }
        if (VhtMcs is { } vht)
        {
            // Known: guard interval, bandwidth. Bandwidth 4 is 80 MHz. One user, two streams, LDPC.
            header.Align(2).U16(0x0044).U8(0).U8(4).U8((byte)((vht << 4) | 2)).Zero(3).U8(1).U8(0).U16(0);
        }
        for (int i = 0; i < Antennas.Count; i++)
        {
            header.U8((byte)Antennas[i]).U8((byte)i);
        }
        byte[] bytes = header.ToArray();
        bytes[2] = (byte)bytes.Length;
        return bytes;
    }

    private ushort ChannelFlags => Channel.Band switch
    {
        // Dynamic CCK-OFDM, CCK or OFDM in the 2 GHz spectrum; OFDM in the 5 GHz spectrum, which stands for 6 GHz too.
        Band.Ghz2 when HtMcs is not null => 0x0480,
        Band.Ghz2 when Rate is 2 or 4 or 11 or 22 => 0x00A0,
        Band.Ghz2 => 0x00C0,
        _ => 0x0140,
    };
}
