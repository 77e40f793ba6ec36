using System.Buffers.Binary;
using System.Text;

namespace KismetOrleans.Packets.Protocol;

/// <summary>
/// Writes the fields of a message: little-endian numbers, texts as UTF-8 with a 16-bit length, lists with a 16-bit count. What is longer
/// than the protocol allows is cut: a warning of a page must not cost the connection.
/// </summary>
public sealed class MessageWriter
{
    // Where a list would push a message over its bound, its rest is left out; this is kept for the fields behind it.
    private const int Reserve = 4 * EdgeProtocol.MaxTextBytes;

    private byte[] _bytes = new byte[1024];
    private int _length = EdgeFrame.HeaderLength;

    private MessageWriter()
    {
    }

    /// <summary>A message as a sealed frame.</summary>
    public static byte[] Frame<T>(T message) where T : IEdgeMessage<T>
    {
        MessageWriter writer = new();
        message.Write(writer);
        byte[] frame = writer._bytes.AsSpan(0, writer._length).ToArray();
        EdgeFrame.Seal(frame, T.Type);
        return frame;
    }

    internal void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Writes true or false.</summary>
    internal void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Writes 32 bits.</summary>
    internal void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    /// <summary>Writes 64 bits.</summary>
    internal void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    /// <summary>Writes 64 bits with a sign.</summary>
    internal void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>Writes a floating-point number.</summary>
    internal void Real(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Take(8), value);

    /// <summary>Writes a place, or that there is none.</summary>
    internal void Position(PacketPosition? value)
    {
        PacketPosition place = value is { IsValid: true } valid ? valid : default;
        Byte(place.Fix);
        Real(place.Latitude);
        Real(place.Longitude);
        Real(place.Altitude);
    }

    /// <summary>Writes a UUID, in the order in which it is spelt.</summary>
    internal void Uuid(Guid value) => _ = value.TryWriteBytes(Take(16), bigEndian: true, out _);

    /// <summary>Writes a text, cut at a character where it is too long.</summary>
    internal void Text(string value)
    {
        Span<byte> bytes = stackalloc byte[EdgeProtocol.MaxTextBytes];
        // Stops at whole characters where the room ends; half a surrogate pair becomes U+FFFD.
        Encoding.UTF8.GetEncoder().Convert(value, bytes, flush: true, out _, out int length, out _);
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)length);
        bytes[..length].CopyTo(Take(length));
    }

    /// <summary>Writes a list of texts, without those at its end that there is no room for.</summary>
    internal void Texts(IReadOnlyList<string> values)
    {
        int at = _length;
        _ = Take(2);
        ushort count = 0;
        foreach (string value in values)
        {
            if (count == EdgeProtocol.MaxListLength
                || _length + 2 + Encoding.UTF8.GetByteCount(value) > EdgeProtocol.MaxControlBytes - Reserve)
            {
                break;
            }
            Text(value);
            count++;
        }
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(at), count);
    }

    private Span<byte> Take(int length)
    {
        if (_length + length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }
}
