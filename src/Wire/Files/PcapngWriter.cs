// draft-ietf-opsawg-pcapng.
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace KismetOrleans.Wire.Files;

/// <summary>Writes pcapng files, little endian, one section, times in nanoseconds.</summary>
public static partial class PcapngWriter
{
    private const ushort OptionUserApplication = 4;
    private const ushort OptionName = 2;
    private const ushort OptionDescription = 3;
    private const ushort OptionResolution = 9;

    /// <summary>Longer texts are cut: an option's length has 16 bits.</summary>
    private const int MaxTextLength = 65_532;

    private const byte Nanoseconds = 9;

    /// <summary>Bytes of the option that ends the list.</summary>
    private const int EndLength = 4;

    /// <summary>Writes the section header with which a file begins.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="application">Name of the program that writes; null for none.</param>
    public static void WriteSection(IBufferWriter<byte> to, string? application = null)
    {
        int text = TextLength(application);
        int length = PcapngBlock.MinSectionLength + (text < 0 ? 0 : OptionLength(text) + EndLength);
        Span<byte> block = Block(to, PcapngBlockType.Section, length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[8..], 0x1A2B_3C4D);
        BinaryPrimitives.WriteUInt16LittleEndian(block[12..], 1);
        // Section length unknown: readers go by the blocks.
        BinaryPrimitives.WriteInt64LittleEndian(block[16..], -1);
        WriteText(block[24..], OptionUserApplication, application, text);
        to.Advance(length);
    }

    /// <summary>Writes an interface description; the first one is interface 0.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="linkType">Link type of its packets.</param>
    /// <param name="name">Name, for example <c>wlan0</c>; null for none.</param>
    /// <param name="description">Description; null for none.</param>
    public static void WriteInterface(IBufferWriter<byte> to, LinkType linkType, string? name = null, string? description = null)
    {
        int nameLength = TextLength(name);
        int descriptionLength = TextLength(description);
        int length = 20 + OptionLength(nameLength) + OptionLength(descriptionLength) + OptionLength(1) + EndLength;
        Span<byte> block = Block(to, PcapngBlockType.Interface, length);
        BinaryPrimitives.WriteUInt16LittleEndian(block[8..], (ushort)linkType);
        BinaryPrimitives.WriteUInt32LittleEndian(block[12..], CaptureLimits.MaxPacketLength);
        Span<byte> options = block[16..];
        options = WriteText(options, OptionName, name, nameLength);
        options = WriteText(options, OptionDescription, description, descriptionLength);
        BinaryPrimitives.WriteUInt16LittleEndian(options, OptionResolution);
        BinaryPrimitives.WriteUInt16LittleEndian(options[2..], 1);
        options[4] = Nanoseconds;
        to.Advance(length);
    }

    /// <summary>Writes one packet.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="interfaceNumber">Number of the interface, in the order of their descriptions.</param>
    /// <param name="timeNs">Nanoseconds since 1970.</param>
    /// <param name="packet">Its bytes, at most <see cref="CaptureLimits.MaxPacketLength"/>.</param>
    /// <param name="originalLength">Bytes that it had; negative for as many as <paramref name="packet"/> has.</param>
    /// <exception cref="ArgumentOutOfRangeException">Number, time or length do not fit the format.</exception>
    public static void WritePacket(IBufferWriter<byte> to, int interfaceNumber, long timeNs, ReadOnlySpan<byte> packet, int originalLength = -1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceNumber);
        ArgumentOutOfRangeException.ThrowIfNegative(timeNs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, CaptureLimits.MaxPacketLength);
        int length = PcapngPacket.DataOffset + Padded(packet.Length) + 4;
        Span<byte> block = Block(to, PcapngBlockType.EnhancedPacket, length);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], interfaceNumber);
        BinaryPrimitives.WriteUInt32LittleEndian(block[12..], (uint)(timeNs >> 32));
        BinaryPrimitives.WriteUInt32LittleEndian(block[16..], (uint)timeNs);
        BinaryPrimitives.WriteInt32LittleEndian(block[20..], packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(block[24..], originalLength < 0 ? packet.Length : originalLength);
        packet.CopyTo(block[PcapngPacket.DataOffset..]);
        to.Advance(length);
    }

    /// <summary>A cleared block with its type and both lengths; the caller fills the rest and advances.</summary>
    private static Span<byte> Block(IBufferWriter<byte> to, PcapngBlockType type, int length)
    {
        Span<byte> block = to.GetSpan(length)[..length];
        block.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(block, (uint)type);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        BinaryPrimitives.WriteInt32LittleEndian(block[^4..], length);
        return block;
    }

    /// <summary>Bytes of the text in UTF-8, cut to what an option takes; -1 for null.</summary>
    private static int TextLength(string? text) => text is null ? -1 : Math.Min(Encoding.UTF8.GetByteCount(text), MaxTextLength);

    /// <summary>Bytes of an option with <paramref name="length"/> bytes of value; none when that is negative.</summary>
    private static int OptionLength(int length) => length < 0 ? 0 : 4 + Padded(length);

    private static Span<byte> WriteText(Span<byte> options, ushort option, string? text, int length)
    {
        if (text is null)
        {
            return options;
        }
        BinaryPrimitives.WriteUInt16LittleEndian(options, option);
        BinaryPrimitives.WriteUInt16LittleEndian(options[2..], (ushort)length);
        // TryGetBytes would write nothing when it does not fit; the converter stops at the last whole character.
        Encoding.UTF8.GetEncoder().Convert(text, options.Slice(4, length), flush: false, out _, out _, out _);
        return options[(4 + Padded(length))..];
    }

    private static int Padded(int length) => (length + 3) & ~3;
}
