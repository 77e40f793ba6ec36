using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace KismetOrleans.Engine.Tracking;

/// <summary>Text of unknown encoding that radios send: SSIDs, names.</summary>
internal static class SsidText
{
    /// <summary>Valid UTF-8 stays as it is; other bytes read <c>\xNN</c>.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }
        StringBuilder text = new(bytes.Length * 4);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                for (int i = 0; i < length; i++)
                {
                    text.Append("\\x").Append(bytes[i].ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
                }
            }
            bytes = bytes[length..];
        }
        return text.ToString();
    }

    /// <summary>The same, without what follows the first NUL, as fixed-width names need.</summary>
    public static string PrintableName(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Printable(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>Whether an SSID is hidden: empty, or all NUL.</summary>
    public static bool IsCloaked(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) < 0;
}
