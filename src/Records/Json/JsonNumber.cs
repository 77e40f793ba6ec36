using System.Buffers.Text;
using System.Globalization;

namespace KismetOrleans.Records.Json;

/// <summary>
/// Numbers as the API prints them: integers plainly; what can have a fraction always with a point, so that a field is of one type in every document: six decimals as
/// C's <c>%f</c>, one where it is whole.
/// </summary>
internal static class JsonNumber
{
    /// <summary>Room that any number needs: 309 digits of the greatest double, sign, point, decimals.</summary>
    public const int MaxLength = 320;

    // Below this a double's integer part and fraction are both exact.
    private const double ExactLimit = 9_007_199_254_740_992;
    private const double LongLimit = 9_223_372_036_854_775_808;

    /// <summary>Writes <paramref name="value"/> to <paramref name="target"/>, which has room for <see cref="MaxLength"/> bytes; 0 for NaN and infinities.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, double value)
    {
        if (!double.IsFinite(value))
        {
            value = 0;
        }
        if (value == Math.Truncate(value))
        {
            if (Math.Abs(value) >= LongLimit)
            {
                return Slow(target, value, "F1");
            }
            int digits = Write(target, (long)value);
            ".0"u8.CopyTo(target[digits..]);
            return digits + 2;
        }
        double magnitude = Math.Abs(value);
        double whole = Math.Floor(magnitude);
        double millionths = (magnitude - whole) * 1_000_000;
        double down = Math.Floor(millionths);
        double rest = millionths - down;
        // Within this distance of a half, the product's own rounding could decide: leave that to the exact algorithm.
        if (magnitude >= ExactLimit || Math.Abs(rest - 0.5) < 1e-6)
        {
            return Slow(target, value, "F6");
        }
        uint fraction = (uint)down + (rest > 0.5 ? 1u : 0);
        ulong integer = (ulong)whole;
        if (fraction == 1_000_000)
        {
            fraction = 0;
            integer++;
        }
        int length = 0;
        if (value < 0)
        {
            target[length++] = (byte)'-';
        }
        length += Write(target[length..], integer);
        target[length] = (byte)'.';
        for (int i = 6; i > 0; i--)
        {
            target[length + i] = (byte)('0' + fraction % 10);
            fraction /= 10;
        }
        return length + 7;
    }

    /// <summary>Writes an integer.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, ulong value)
    {
        if (value < 10)
        {
            target[0] = (byte)('0' + (uint)value);
            return 1;
        }
        Utf8Formatter.TryFormat(value, target, out int written);
        return written;
    }

    /// <summary>Writes an integer.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, long value)
    {
        if (value >= 0)
        {
            return Write(target, (ulong)value);
        }
        Utf8Formatter.TryFormat(value, target, out int written);
        return written;
    }

    private static int Slow(Span<byte> target, double value, string format)
    {
        value.TryFormat(target, out int written, format, CultureInfo.InvariantCulture);
        return written;
    }
}
