// IEEE Std 802.11-2020, clause 9.2: general frame format. Numbers are little-endian unless a field says otherwise.
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator;

/// <summary>Writes a frame byte by byte. Every method returns the builder, so that a frame
/// reads like its figure in the standard.</summary>
public sealed class FrameBuilder
{
    /// <summary>Duration in µs that frames claim; no receiver of captures looks at it.</summary>
    private const ushort UsualDuration = 44;

    private byte[] bytes = new byte[256];

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Begins a management frame (figure 9-77): frame control, duration, three addresses, sequence control.</summary>
    public static FrameBuilder Management(
        FrameKind kind, MacAddress receiver, MacAddress transmitter, MacAddress bssid, ushort sequence,
        FrameFlags flags = FrameFlags.None) =>
        new FrameBuilder().FrameControl((byte)kind, flags).U16(receiver.IsGroup ? (ushort)0 : UsualDuration)
            .Address(receiver).Address(transmitter).Address(bssid).SequenceControl(sequence);

    /// <summary>Writes the frame control field (clause 9.2.4.1).</summary>
    /// <param name="kind">Type in bits 4–5 and subtype in bits 0–3, as <see cref="FrameKind"/>.</param>
    /// <param name="flags">The second byte.</param>
    public FrameBuilder FrameControl(byte kind, FrameFlags flags) => U8((byte)(((kind & 0x0F) << 4) | ((kind >> 4) << 2))).U8((byte)flags);

    /// <summary>Writes the sequence control field (clause 9.2.4.4).</summary>
    public FrameBuilder SequenceControl(ushort sequence, byte fragment = 0) => U16((ushort)((sequence << 4) | (fragment & 0x0F)));

    /// <summary>Writes one byte.</summary>
    public FrameBuilder U8(byte value) => Raw([value]);

    /// <summary>Writes two bytes, least significant first.</summary>
    public FrameBuilder U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);
        return this;
    }

    /// <summary>Writes two bytes, most significant first (network order).</summary>
    public FrameBuilder U16Big(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);
        return this;
    }

    /// <summary>Writes four bytes, least significant first.</summary>
    public FrameBuilder U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
        return this;
    }

    /// <summary>Writes four bytes, most significant first (network order).</summary>
    public FrameBuilder U32Big(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);
        return this;
    }

    /// <summary>Writes eight bytes, least significant first.</summary>
    public FrameBuilder U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);
        return this;
    }

    /// <summary>Writes the six bytes of an address in the order that they are printed.</summary>
    public FrameBuilder Address(MacAddress address) => U16Big((ushort)(address.Value >> 32)).U32Big((uint)address.Value);

    /// <summary>Writes a 24-bit organisation identifier in the order that it is printed.</summary>
    public FrameBuilder Oui(uint oui) => U8((byte)(oui >> 16)).U16Big((ushort)oui);

    /// <summary>Writes bytes as they are.</summary>
    public FrameBuilder Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Take(value.Length));
        return this;
    }

    /// <summary>Writes text in UTF-8, without length or end.</summary>
    public FrameBuilder Text(string text) => Raw(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes text in UTF-8 into a field of <paramref name="width"/> bytes, cut or filled with NUL.</summary>
    public FrameBuilder Text(string text, int width)
    {
        byte[] value = Encoding.UTF8.GetBytes(text);
        int used = Math.Min(width, value.Length);
        return Raw(value.AsSpan(0, used)).Zero(width - used);
    }

    /// <summary>Writes bytes of zero.</summary>
    public FrameBuilder Zero(int count)
    {
        Take(count).Clear();
        return this;
    }

    /// <summary>Writes bytes of zero until the length is a multiple of <paramref name="unit"/>.</summary>
    public FrameBuilder Align(int unit) => Zero((unit - Length % unit) % unit);

    /// <summary>Writes each of <paramref name="parts"/>; elements are made one by one and put into a frame so.</summary>
    public FrameBuilder All(params IEnumerable<byte[]> parts)
    {
        foreach (byte[] part in parts)
        {
            Raw(part);
        }
        return this;
    }

    /// <summary>The bytes written so far.</summary>
    public byte[] ToArray() => bytes[..Length];

    /// <summary>The bytes written so far and their frame check sequence (clause 9.2.4.8), wrong
    /// where <paramref name="good"/> is false.</summary>
    public byte[] ToArrayWithFcs(bool good = true)
    {
        uint fcs = Crc32.HashToUInt32(bytes.AsSpan(0, Length));
        var trailer = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, good ? fcs : ~fcs);
        return [.. bytes.AsSpan(0, Length), .. trailer];
    }

    private Span<byte> Take(int count)
    {
        if (Length + count > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(2 * bytes.Length, Length + count));
        }
        Length += count;
        return bytes.AsSpan(Length - count, count);
    }
}
