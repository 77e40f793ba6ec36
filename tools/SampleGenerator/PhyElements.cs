// IEEE Std 802.11-2020, clauses 9.4.2.55–9.4.2.57 (HT), 9.4.2.157–9.4.2.158 (VHT); 802.11ax-2021,
// 9.4.2.248 (HE); 802.11be-2024, 9.4.2.323 (EHT).
namespace KismetOrleans.SampleGenerator;

/// <summary>Generations of the physical layer.</summary>
public enum Phy
{
    /// <summary>802.11b.</summary>
    Dsss,

    /// <summary>802.11a and g.</summary>
    Ofdm,

    /// <summary>802.11n.</summary>
    Ht,

    /// <summary>802.11ac.</summary>
    Vht,

    /// <summary>802.11ax.</summary>
    He,

    /// <summary>802.11be.</summary>
    Eht,
}

/// <summary>Channel widths that an access point operates with.</summary>
public enum Width
{
    /// <summary>20 MHz.</summary>
    Mhz20,

    /// <summary>40 MHz, secondary channel above.</summary>
    Mhz40Plus,

    /// <summary>40 MHz, secondary channel below.</summary>
    Mhz40Minus,

    /// <summary>80 MHz.</summary>
    Mhz80,

    /// <summary>160 MHz.</summary>
    Mhz160,

    /// <summary>320 MHz.</summary>
    Mhz320,
}

/// <summary>Capabilities and operation elements of HT, VHT, HE and EHT.</summary>
public static class PhyElements
{
    /// <summary>45, HT capabilities with two streams; 40 MHz where <paramref name="width"/> is more than 20.</summary>
    public static byte[] HtCapabilities(Width width) => Elements.Of(45,
        new FrameBuilder().U16(width == Width.Mhz20 ? (ushort)0x01AD : (ushort)0x01EF).U8(0x17).U16(0xFFFF).Zero(21).ToArray());

    /// <summary>61, HT operation.</summary>
    public static byte[] HtOperation(Channel channel, Width width)
    {
        int secondary = width switch
        {
            Width.Mhz20 => 0,
            Width.Mhz40Minus => 3,
            Width.Mhz40Plus => 1,
            // Wider channels are pairs of pairs: whether the second of the pair is above or below follows from the number.
            _ => (channel.Number - (channel.Number >= 149 ? 149 : 36)) / 4 % 2 == 0 ? 1 : 3,
        };
        return Elements.Of(61, new FrameBuilder().U8(channel.Number).U8((byte)(secondary == 0 ? 0 : secondary | 4)).U16(0).Zero(18)
            .ToArray());
    }

    /// <summary>191, VHT capabilities with two streams up to MCS 9.</summary>
    public static byte[] VhtCapabilities(Width width) => Elements.Of(191,
        new FrameBuilder().U32(width == Width.Mhz160 ? 0x0F82_59B6u : 0x0F82_59B2u).U16(0xFFFA).U16(0).U16(0xFFFA).U16(0).ToArray());

    /// <summary>192, VHT operation.</summary>
    public static byte[] VhtOperation(Channel channel, Width width)
    {
        (byte wide, byte center0, byte center1) = width switch
        {
            Width.Mhz80 => ((byte)1, channel.Center80, (byte)0),
            Width.Mhz160 => ((byte)1, channel.Center80, channel.Center160),
            _ => ((byte)0, (byte)0, (byte)0),
        };
        return Elements.Of(192, [wide, center0, center1, 0xFC, 0xFF]);
    }

    /// <summary>255/35, HE capabilities with two streams up to MCS 11.</summary>
    public static byte[] HeCapabilities(Band band, Width width)
    {
        bool wide = width is Width.Mhz160 or Width.Mhz320;
        // PHY capabilities, bits 1–4: 40 MHz at 2.4 GHz; 40 and 80 MHz, 160 MHz elsewhere.
        byte widths = (byte)(band == Band.Ghz2 ? 0x02 : wide ? 0x0C : 0x04);
        FrameBuilder body = new FrameBuilder().Raw([0x01, 0x00, 0x08, 0x1A, 0x40, 0x10])
            .U8(widths).Raw([0x60, 0x4C, 0x89, 0x7F, 0xC1, 0x83, 0x9C, 0x01, 0x08, 0x00]).U16(0xFFFA).U16(0xFFFA);
        return Elements.Extended(35, wide ? body.U16(0xFFFA).U16(0xFFFA).ToArray() : body.ToArray());
    }

    /// <summary>255/36, HE operation; in the 6 GHz band with the 6 GHz operation information, which takes
    /// HT and VHT operation's place there.</summary>
    public static byte[] HeOperation(Channel channel, Width width, byte color)
    {
        FrameBuilder body = new FrameBuilder().Raw([0xF4, 0x3F, channel.Band == Band.Ghz6 ? (byte)0x02 : (byte)0x00]).U8(color).U16(0xFFFC);
        if (channel.Band == Band.Ghz6)
        {
            (byte control, byte center0, byte center1) = width switch
            {
                Width.Mhz20 => ((byte)0, channel.Number, (byte)0),
                Width.Mhz80 => ((byte)2, channel.Center80, (byte)0),
                _ => ((byte)3, channel.Center80, channel.Center160),
            };
            body.U8(channel.Number).U8(control).U8(center0).U8(center1).U8(6);
        }
        return Elements.Extended(36, body.ToArray());
    }

    /// <summary>255/59, HE 6 GHz band capabilities.</summary>
    public static byte[] He6GhzCapabilities() => Elements.Extended(59, [0x3D, 0x00]);

    /// <summary>255/108, EHT capabilities with two streams up to MCS 13.</summary>
    public static byte[] EhtCapabilities(Band band, Width width)
    {
        byte wide = width == Width.Mhz320 ? (byte)0x02 : (byte)0x00;
        FrameBuilder body = new FrameBuilder().U16(0x0082).Raw([wide, 0, 0, 0x18, 0x76, 0, 0, 0, 0]);
        int maps = band == Band.Ghz2 ? 1 : width switch { Width.Mhz320 => 3, Width.Mhz160 => 2, _ => 1 };
        for (int i = 0; i < maps; i++)
        {
            body.Raw([0x22, 0x22, 0x22]);
        }
        return Elements.Extended(108, body.ToArray());
    }

    /// <summary>255/106, EHT operation with its channel information.</summary>
    public static byte[] EhtOperation(Channel channel, Width width)
    {
        (byte control, byte center0, byte center1) = width switch
        {
            Width.Mhz320 => ((byte)4, channel.Center160, channel.Center320),
            Width.Mhz160 => ((byte)3, channel.Center80, channel.Center160),
            Width.Mhz80 => ((byte)2, channel.Center80, (byte)0),
            _ => ((byte)0, channel.Number, (byte)0),
        };
        return Elements.Extended(106, [0x01, 0x44, 0x44, 0x44, 0x44, control, center0, center1]);
    }
}
