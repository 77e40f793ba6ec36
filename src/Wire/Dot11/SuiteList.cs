// IEEE Std 802.11-2020, clause 9.4.2.24.1: a count and as many suite selectors, as in RSN, WPA and WAPI elements.
using System.Buffers.Binary;

namespace KismetOrleans.Wire.Dot11;

/// <summary>A list of suites: those of them that the element holds.</summary>
internal readonly ref struct SuiteList
{
    private const int CountLength = 2;

    private SuiteList(ushort count, ReadOnlySpan<byte> suites, bool isAbsent, bool isWhole)
    {
        Count = count;
        Suites = suites;
        IsAbsent = isAbsent;
        IsWhole = isWhole;
    }

    /// <summary>How many the element claims.</summary>
    public ushort Count { get; }

    /// <summary>The selectors that are there, one behind the other.</summary>
    public ReadOnlySpan<byte> Suites { get; }

    /// <summary>The element ends before the list, as it may, or in its count.</summary>
    public bool IsAbsent { get; }

    /// <summary>Nothing is missing of what was begun.</summary>
    public bool IsWhole { get; }

    public static SuiteList Take(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < CountLength)
        {
            bool isEnd = bytes.IsEmpty;
            bytes = [];
            return new(0, default, isAbsent: true, isWhole: isEnd);
        }
        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        bytes = bytes[CountLength..];
        int held = Math.Min(count, bytes.Length / CipherSuites.Length);
        ReadOnlySpan<byte> suites = bytes[..(held * CipherSuites.Length)];
        bytes = bytes[suites.Length..];
        return new(count, suites, isAbsent: false, isWhole: held == count);
    }
}
