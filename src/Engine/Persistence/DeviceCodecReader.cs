using System.Buffers.Binary;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Persistence;

/// <summary>
/// Reads what <see cref="DeviceCodecWriter"/> wrote: a row, or a part of it. Every count is held against the bytes that are there, so
/// spoiled rows end in a <see cref="DeviceCodecException"/> and cost no more memory than a multiple of their length.
/// </summary>
internal ref struct DeviceCodecReader(ReadOnlySpan<byte> bytes, DeviceCodecScratch scratch)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>What the row's parts share.</summary>
    public readonly DeviceCodecScratch Scratch => scratch;

    /// <summary>Whether there is more in this part. A part that an older server wrote ends before the fields that came later.</summary>
    public readonly bool HasMore => !_rest.IsEmpty;

    public byte Byte() => Take(1)[0];

    public ulong UInt64()
    {
        ulong value = 0;
        for (int i = 0; i < _rest.Length; i++)
        {
            byte b = _rest[i];
            if (i == 9 && b > 1)
            {
                throw Spoiled("a number has more than 64 bits");
            }
            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b <= 0x7F)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw Cut();
    }

    public uint UInt32() => UInt64() is <= uint.MaxValue and ulong value ? (uint)value : throw Spoiled("a number is greater than its field");

    public ushort UInt16() => UInt64() is <= ushort.MaxValue and ulong value ? (ushort)value : throw Spoiled("a number is greater than its field");

    public int Int32()
    {
        uint value = UInt32();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    public short Int16() => Int32() is >= short.MinValue and <= short.MaxValue and int value ? (short)value : throw Spoiled("a number is greater than its field");

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public float Single() => BitConverter.UInt32BitsToSingle(Fixed32());

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    public MacAddress Address()
    {
        ReadOnlySpan<byte> bytes = Take(6);
        return new(BinaryPrimitives.ReadUInt32LittleEndian(bytes) | ((ulong)BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) << 32));
    }

    public DeviceId DeviceId()
    {
        byte phy = Byte();
        if (phy == DeviceCodecWriter.ExtendedPhy)
        {
            return new(BinaryPrimitives.ReadUInt64LittleEndian(Take(8)) | 1UL << 63);
        }
        return phy < Phy.All.Count ? new(Phy.All[phy], Address()) : throw Spoiled($"there is no phy {phy}");
    }

    public uint Time()
    {
        ulong value = UInt64();
        if (value == 0)
        {
            return 0;
        }
        if (value > (ulong)uint.MaxValue + 1)
        {
            throw Spoiled("a time is greater than its field");
        }
        uint distance = (uint)(value - 1);
        return scratch.BaseTime + (uint)((int)(distance >> 1) ^ -(int)(distance & 1));
    }

    /// <summary>How many things follow, each of at least so many bytes.</summary>
    public int Count(int leastBytes = 1)
    {
        ulong count = UInt64();
        return count <= (ulong)(_rest.Length / leastBytes) ? (int)count : throw Spoiled($"{count} entries do not fit into {_rest.Length} bytes");
    }

    public ReadOnlySpan<byte> Blob() => Take(Count());

    public byte[] Bytes() => Blob().ToArray();

    public byte[] Rest() => Take(_rest.Length).ToArray();

    /// <summary>A text that this device has for itself.</summary>
    public string Text() => scratch.Own(Blob());

    public string Shared() => DeviceCodecTexts.Find(Blob());

    public DeviceCodecReader Part() => new(Blob(), scratch);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            throw Cut();
        }
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>The complaint about bytes that no server wrote.</summary>
    public static DeviceCodecException Spoiled(string what) => new($"A stored device is spoiled: {what}.");

    private static DeviceCodecException Cut() => new("A stored device is spoiled: its row, or a part of it, ends too early.");
}
