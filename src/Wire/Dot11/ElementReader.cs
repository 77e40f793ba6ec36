// IEEE Std 802.11-2020, clause 9.4.2.1: the format of elements.
namespace KismetOrleans.Wire.Dot11;

/// <summary>Walks over elements: identifier, length, body. Stops at the first that runs past the end.</summary>
public ref struct ElementReader(ReadOnlySpan<byte> elements)
{
    /// <summary>Identifier and length.</summary>
    public const int HeaderLength = 2;

    private int _next;

    /// <summary>What is walked over.</summary>
    internal readonly ReadOnlySpan<byte> Elements { get; } = elements;

    internal readonly int Next => _next;

    /// <summary>After the walk: bytes are left that make no whole element.</summary>
    public readonly bool HasRest => _next < Elements.Length;

    /// <summary>Steps to the next element; false at the end or where the rest is no whole element.</summary>
    public bool TryRead(out byte id, out Slice body)
    {
        int at = _next;
        if (at + HeaderLength <= Elements.Length)
        {
            byte length = Elements[at + 1];
            if (at + HeaderLength + length <= Elements.Length)
            {
                id = Elements[at];
                body = new Slice((ushort)(at + HeaderLength), length);
                _next = at + HeaderLength + length;
                return true;
            }
        }
        id = 0;
        body = default;
        return false;
    }
}
