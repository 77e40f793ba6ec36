using System.Buffers.Binary;
using System.Text;

namespace KismetOrleans.Packets.Protocol;

/// <summary>
/// Reads what <see cref="MessageWriter"/> wrote. After the first field that is not there, or not what it should be, all others are zero, and
/// <see cref="Complete"/> says so in the end. What is left then are fields that a newer peer appends.
/// </summary>
public ref struct MessageReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;
    private bool _failed;

    /// <summary>Whether all fields were there, and what they should be.</summary>
    public readonly bool Complete => !_failed;

    /// <summary>Whether something is left: fields that older peers do not send stand at the end.</summary>
    public readonly bool HasMore => !_failed && !_rest.IsEmpty;

    /// <summary>Reads a message.</summary>
    /// <param name="payload">Payload of its frame; bytes behind the last field that is known are ignored.</param>
    /// <param name="message">What it says; of no meaning when false.</param>
    public static bool TryRead<T>(ReadOnlySpan<byte> payload, out T message) where T : IEdgeMessage<T>
    {
        MessageReader reader = new(payload);
        message = T.Read(ref reader);
        return reader.Complete;
    }

    internal byte Byte() => TryTake(1, out ReadOnlySpan<byte> bytes) ? bytes[0] : (byte)0;

    /// <summary>Reads an byte that must not be above a bound.</summary>
    internal byte Byte(byte most)
    {
        byte value = Byte();
        _failed |= value > most;
        return value <= most ? value : (byte)0;
    }

    /// <summary>Reads true or false.</summary>
    internal bool Flag() => Byte(1) == 1;

    /// <summary>Reads 32 bits.</summary>
    internal uint UInt32() => TryTake(4, out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    /// <summary>Reads 64 bits.</summary>
    internal ulong UInt64() => TryTake(8, out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>Reads 64 bits with a sign.</summary>
    internal long Int64() => TryTake(8, out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    /// <summary>Reads a floating-point number; only finite ones are any.</summary>
    internal double Real()
    {
        double value = TryTake(8, out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : 0;
        _failed |= !double.IsFinite(value);
        return double.IsFinite(value) ? value : 0;
    }

    /// <summary>Reads a place; null for none, and for one that is not on Earth.</summary>
    internal PacketPosition? Position()
    {
        byte fix = Byte();
        PacketPosition place = new(Real(), Real(), Real(), fix);
        return place.IsValid ? place : null;
    }

    internal Guid Uuid() => TryTake(16, out ReadOnlySpan<byte> bytes) ? new(bytes, bigEndian: true) : Guid.Empty;

    /// <summary>Reads a text; bytes that are no UTF-8 become U+FFFD.</summary>
    internal string Text()
    {
        int length = TryTake(2, out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : 0;
        _failed |= length > EdgeProtocol.MaxTextBytes;
        return TryTake(length, out bytes) ? PlainText.Of(Encoding.UTF8.GetString(bytes)) : "";
    }

    internal IReadOnlyList<string> Texts()
    {
        int count = TryTake(2, out ReadOnlySpan<byte> bytes) ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : 0;
        // Each takes two bytes at least: a false count must not cost memory.
        _failed |= count > EdgeProtocol.MaxListLength || count * 2 > _rest.Length;
        if (_failed)
        {
            return [];
        }
        string[] values = new string[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = Text();
        }
        return values;
    }

    private bool TryTake(int length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        _failed |= length > _rest.Length;
        if (_failed)
        {
            return false;
        }
        bytes = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
