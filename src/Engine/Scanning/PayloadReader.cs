using System.Buffers.Binary;

namespace KismetOrleans.Engine.Scanning;

/// <summary>Reads the parts of a payload in order. What is not there reads as 0 or empty and sets <see cref="Failed"/>.</summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether the payload was too short.</summary>
    public bool Failed { get; private set; }

    public byte Byte() => Take(1) is { IsEmpty: false } bytes ? bytes[0] : (byte)0;

    public short Int16() => Take(2) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt16LittleEndian(bytes) : (short)0;

    public ulong UInt64() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>Bytes after their number in one byte.</summary>
    public ReadOnlySpan<byte> Short() => Take(Byte());

    /// <summary>Bytes after their number in two bytes.</summary>
    public ReadOnlySpan<byte> Long() => Take((ushort)Int16());

    /// <summary>A list of pairs, see <see cref="ScanPairs"/>.</summary>
    public ScanPairs Pairs()
    {
        int count = Byte();
        ReadOnlySpan<byte> from = _rest;
        for (int i = 0; i < count && !Failed; i++)
        {
            _ = Short();
            _ = Long();
        }
        return Failed ? default : new(count, from[..^_rest.Length]);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            Failed = true;
            _rest = default;
            return default;
        }
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}

/// <summary>Names with values, as tags and service data are: for each the name after its length (1 byte) and the value after its length (2).</summary>
internal readonly ref struct ScanPairs(int count, ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Count { get; } = count;

    public Enumerator GetEnumerator() => new(Count, _bytes);

    internal ref struct Enumerator(int count, ReadOnlySpan<byte> bytes)
    {
        private PayloadReader _reader = new(bytes);
        private int _left = count;

        public ReadOnlySpan<byte> Name { get; private set; }

        public ReadOnlySpan<byte> Value { get; private set; }

        public readonly Enumerator Current => this;

        public bool MoveNext()
        {
            if (_left-- <= 0)
            {
                return false;
            }
            Name = _reader.Short();
            Value = _reader.Long();
            return true;
        }
    }
}

/// <summary>Writes the parts of a payload in order, into room that is large enough.</summary>
internal ref struct PayloadWriter(Span<byte> to)
{
    private readonly Span<byte> _to = to;

    public int Length { get; private set; }

    public void Byte(byte value) => _to[Length++] = value;

    public void Int16(short value)
    {
        BinaryPrimitives.WriteInt16LittleEndian(_to[Length..], value);
        Length += 2;
    }

    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_to[Length..], value);
        Length += 8;
    }

    public void Short(ReadOnlySpan<byte> bytes)
    {
        Byte((byte)bytes.Length);
        Raw(bytes);
    }

    public void Long(ReadOnlySpan<byte> bytes)
    {
        Int16((short)bytes.Length);
        Raw(bytes);
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_to[Length..]);
        Length += bytes.Length;
    }
}
