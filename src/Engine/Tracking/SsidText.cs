using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace KismetOrleans.Engine.Tracking;

/// <summary>Text of unknown encoding that radios send: SSIDs, names.</summary>
public static class SsidText
{
    /// <summary>Valid UTF-8 stays as it is; other octets read <c>\xNN</c>.</summary>
    public static string Printable(ReadOnlySpan<byte> octets)
    {
        if (Utf8.IsValid(octets))
        {
            return Encoding.UTF8.GetString(octets);
        }
        StringBuilder text = new(octets.Length * 4);
        while (!octets.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(octets, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                for (int i = 0; i < length; i++)
                {
                    text.Append("\\x").Append(octets[i].ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
                }
            }
            octets = octets[length..];
        }
        return text.ToString();
    }

    /// <summary>The same, without what follows the first NUL, as fixed-width names need.</summary>
    public static string PrintableName(ReadOnlySpan<byte> octets)
    {
        int end = octets.IndexOf((byte)0);
        return Printable(end < 0 ? octets : octets[..end]);
    }

    /// <summary>Whether an SSID is hidden: empty, or all NUL.</summary>
    public static bool IsCloaked(ReadOnlySpan<byte> octets) => octets.IndexOfAnyExcept((byte)0) < 0;
}
