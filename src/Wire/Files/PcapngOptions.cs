// draft-ietf-opsawg-pcapng, 3.5 "Options".
namespace KismetOrleans.Wire.Files;

/// <summary>The options at the end of a block, one after the other.</summary>
/// <param name="options">From the first option to the end of the block's body.</param>
/// <param name="bigEndian">Byte order of the section.</param>
internal ref struct PcapngOptions(ReadOnlySpan<byte> options, bool bigEndian)
{
    private const ushort End = 0;
    private const int HeadLength = 4;
    private ReadOnlySpan<byte> _rest = options;

    public ushort Code { get; private set; }
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Whether an option ran past the end of the block.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Goes to the next option.</summary>
    /// <returns>False behind the last one.</returns>
    public bool MoveNext()
    {
        if (_rest.Length < HeadLength)
        {
            return false;
        }
        Code = PcapngBlock.ReadUInt16(_rest, bigEndian);
        int length = PcapngBlock.ReadUInt16(_rest[2..], bigEndian);
        if (Code == End)
        {
            return false;
        }
        _rest = _rest[HeadLength..];
        if (length > _rest.Length)
        {
            IsMalformed = true;
            return false;
        }
        Value = _rest[..length];
        // The last one's padding may be missing.
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
