// draft-ietf-opsawg-pcap, 4 and 5; draft-ietf-opsawg-pcapng, 4.2 (if_tsresol, if_tsoffset).
namespace KismetOrleans.Wire.Files;

/// <summary>From the clocks of capture files to nanoseconds since 1970.</summary>
public static class CaptureTime
{
    /// <summary>Nanoseconds of a second.</summary>
    internal const long Second = 1_000_000_000;

    /// <summary>The last nanosecond of 2106-02-07T06:28:15 UTC: pcap's unsigned 32-bit seconds end there, and so does the API's clock.</summary>
    public const long Max = (uint.MaxValue + 1L) * Second - 1;

    private const int SecondDigits = 9;

    /// <summary>A pcap time.</summary>
    /// <param name="seconds">Since 1970-01-01 UTC.</param>
    /// <param name="fraction">Micro- or nanoseconds.</param>
    /// <param name="nanoseconds">Which of them.</param>
    /// <param name="outOfRange">Set when the fraction is a second or more; it is clamped to the last nanosecond.</param>
    public static long FromFraction(uint seconds, uint fraction, bool nanoseconds, out bool outOfRange)
    {
        long ns = nanoseconds ? fraction : fraction * 1000L;
        outOfRange = ns >= Second;
        return seconds * Second + (outOfRange ? Second - 1 : ns);
    }

    /// <summary>A pcapng time.</summary>
    /// <param name="ticks">Units since the interface's origin.</param>
    /// <param name="resolution">if_tsresol: negative power of ten, or of two when the highest bit is set.</param>
    /// <param name="offsetSeconds">if_tsoffset: the origin, seconds since 1970.</param>
    /// <param name="outOfRange">Set when the time is not within 1970–2106; it is clamped.</param>
    public static long FromTicks(ulong ticks, byte resolution, long offsetSeconds, out bool outOfRange)
    {
        UInt128 ns;
        int exponent = resolution & 0x7F;
        if ((resolution & 0x80) != 0)
        {
            // 2^64 units of a second make less than 2^94 nanoseconds.
            ns = ((UInt128)ticks * (ulong)Second) >> exponent;
        }
        else if (exponent <= SecondDigits)
        {
            ns = (UInt128)ticks * Power10(SecondDigits - exponent);
        }
        else
        {
            // Finer than 10^-19 of a nanosecond no 64-bit number reaches one.
            ns = exponent - SecondDigits > 19 ? UInt128.Zero : ticks / Power10(exponent - SecondDigits);
        }
        Int128 time = (Int128)ns + (Int128)offsetSeconds * Second;
        outOfRange = time < 0 || time > Max;
        return (long)Int128.Clamp(time, 0, Max);
    }

    private static ulong Power10(int exponent)
    {
        ulong power = 1;
        for (; exponent > 0; exponent--)
        {
            power *= 10;
        }
        return power;
    }
}
