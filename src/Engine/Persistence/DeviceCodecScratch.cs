using System.Text;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Persistence;

/// <summary>What the parts of one row share while it is read. One for each thread.</summary>
internal sealed class DeviceCodecScratch
{
    // A device's name is its SSID's, its answers' SSID is its beacons': they stand close together.
    private const int MaxRecent = 4;
    private const int MaxRecentUnits = 128;
    private readonly string?[] _recent = new string[MaxRecent];
    private int _next;

    /// <summary>Second that other times of the row are near to.</summary>
    public uint BaseTime { get; set; }

    /// <summary>Second of the server's clock that histories of the row are near to.</summary>
    public uint BaseClock { get; set; }

    /// <summary>The newest point read that is shared, not changed.</summary>
    public GeoPoint? LastPoint { get; set; }

    public void Reset()
    {
        LastPoint = null;
        BaseTime = 0;
        BaseClock = 0;
    }

    /// <summary>A text; the same string as one just before, if it says the same.</summary>
    public string Own(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }
        if (utf8.Length > MaxRecentUnits)
        {
            return Encoding.UTF8.GetString(utf8);
        }
        Span<char> buffer = stackalloc char[MaxRecentUnits];
        Span<char> units = buffer[..Encoding.UTF8.GetChars(utf8, buffer)];
        foreach (string? recent in _recent)
        {
            if (units.SequenceEqual(recent))
            {
                return recent!;
            }
        }
        string text = units.ToString();
        _recent[_next] = text;
        _next = (_next + 1) % MaxRecent;
        return text;
    }
}
