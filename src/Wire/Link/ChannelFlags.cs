// radiotap.org, "Channel" and "XChannel"; PPI 1.0.10, 4.1.2 "802.11-Common Field": the same 16 flags.
namespace KismetOrleans.Wire.Link;

/// <summary>Channel flags as drivers report them beside the frequency.</summary>
[Flags]
internal enum ChannelFlags : uint
{
    Turbo = 0x0010,
    Cck = 0x0020,
    Ofdm = 0x0040,
    Band2GHz = 0x0080,
    Band5GHz = 0x0100,
    DynamicCckOfdm = 0x0400,
    Gfsk = 0x0800,
    Ht20 = 0x1_0000,
    Ht40Upper = 0x2_0000,
    Ht40Lower = 0x4_0000,
}

/// <summary>What channel flags and numbers mean for a <see cref="RadioHeader"/>.</summary>
internal static class RadioChannel
{
    /// <summary>Takes frequency, encoding and carrier from a channel field.</summary>
    /// <param name="header">What to fill.</param>
    /// <param name="mhz">Centre frequency in MHz, 0 for unknown.</param>
    /// <param name="flags">The flags beside it.</param>
    public static void Apply(ref RadioHeader header, ushort mhz, ChannelFlags flags)
    {
        header.FrequencyKhz = mhz * 1000u;
        header.Encoding = (flags & (ChannelFlags.Cck | ChannelFlags.Ofdm | ChannelFlags.DynamicCckOfdm | ChannelFlags.Gfsk)) switch
        {
            0 => RadioEncoding.Unknown,
            var f when (f & ChannelFlags.Cck) != 0 => RadioEncoding.Cck,
            var f when (f & ChannelFlags.Ofdm) != 0 => RadioEncoding.Ofdm,
            var f when (f & ChannelFlags.DynamicCckOfdm) != 0 => RadioEncoding.DynamicCck,
            _ => RadioEncoding.Gfsk,
        };
        header.Carrier = Carrier(flags);
    }

    /// <summary>Centre frequency in kHz of a channel number of the 2.4 or 5 GHz band (IEEE Std 802.11-2020, annex E), 0 if there is none.</summary>
    public static uint KhzOf(uint channel) => channel switch
    {
        >= 1 and <= 13 => 2_407_000 + 5_000 * channel,
        14 => 2_484_000,
        >= 32 and <= 196 => 5_000_000 + 5_000 * channel,
        _ => 0,
    };

    private static RadioCarrier Carrier(ChannelFlags flags)
    {
        if ((flags & (ChannelFlags.Ht40Upper | ChannelFlags.Ht40Lower)) != 0)
        {
            return RadioCarrier.Dot11N40;
        }
        if ((flags & ChannelFlags.Ht20) != 0)
        {
            return RadioCarrier.Dot11N20;
        }
        if ((flags & ChannelFlags.Gfsk) != 0)
        {
            return RadioCarrier.Fhss;
        }
        if ((flags & ChannelFlags.Band5GHz) != 0)
        {
            return (flags & ChannelFlags.Ofdm) != 0 ? RadioCarrier.Dot11A : RadioCarrier.Unknown;
        }
        if ((flags & ChannelFlags.Band2GHz) == 0)
        {
            return RadioCarrier.Unknown;
        }
        return (flags & ChannelFlags.Cck) != 0 ? RadioCarrier.Dot11B
            : (flags & (ChannelFlags.Ofdm | ChannelFlags.DynamicCckOfdm)) != 0 ? RadioCarrier.Dot11G
            : RadioCarrier.Unknown;
    }
}
