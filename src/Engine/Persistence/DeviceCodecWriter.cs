using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Persistence;

/// <summary>
/// A growing buffer that a row is made in, since lengths stand before what they are lengths of. Numbers are little-endian; variable ones
/// have seven bits an byte, lowest first. Kept by its thread: cleared, it writes without allocating.
/// </summary>
internal sealed class DeviceCodecWriter
{
    private const int InitialBytes = 4096;
    private const int MaxVarintBytes = 10;

    // A UTF-16 unit takes at most three bytes of UTF-8.
    private const int MaxBytesPerUnit = 3;
    private byte[] _bytes = new byte[InitialBytes];

    public int Length { get; private set; }

    /// <summary>What was written; valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Second that other times of the row are near to.</summary>
    public uint BaseTime { get; set; }

    /// <summary>Second of the server's clock that histories of the row are near to.</summary>
    public uint BaseClock { get; set; }

    /// <summary>The newest point written that is shared, not changed.</summary>
    public GeoPoint? LastPoint { get; set; }

    /// <summary>Forgets what was written and keeps the memory.</summary>
    public void Clear() => Length = 0;

    public void Byte(byte value) => Take(1)[0] = value;

    public void UInt(ulong value)
    {
        if (_bytes.Length - Length < MaxVarintBytes)
        {
            Grow(MaxVarintBytes);
        }
        Span<byte> bytes = _bytes.AsSpan(Length);
        int i = 0;
        while (value > 0x7F)
        {
            bytes[i++] = (byte)(value | 0x80);
            value >>= 7;
        }
        bytes[i++] = (byte)value;
        Length += i;
    }

    /// <summary>A number that may be negative, small either way.</summary>
    public void Int(int value) => UInt((uint)((value << 1) ^ (value >> 31)));

    public void Fixed32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void Fixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    public void Single(float value) => Fixed32(BitConverter.SingleToUInt32Bits(value));

    public void Double(double value) => Fixed64(BitConverter.DoubleToUInt64Bits(value));

    // Stands for phy and length of an address that has 64 bits.
    public const byte ExtendedPhy = 0x80;

    public void DeviceId(DeviceId id)
    {
        if (!id.IsExtended)
        {
            Byte((byte)id.Phy.Id);
            Address(id.Address);
            return;
        }
        Byte(ExtendedPhy);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(8), id.Value);
    }

    public void Address(MacAddress address)
    {
        Span<byte> bytes = Take(6);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)address.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], (ushort)(address.Value >> 32));
    }

    /// <summary>A Unix second, as its distance from <see cref="BaseTime"/>; 0 stays 0.</summary>
    public void Time(uint second)
    {
        int distance = (int)(second - BaseTime);
        UInt(second == 0 ? 0 : (ulong)(uint)((distance << 1) ^ (distance >> 31)) + 1);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Blob(ReadOnlySpan<byte> bytes)
    {
        UInt((uint)bytes.Length);
        bytes.CopyTo(Take(bytes.Length));
    }

    public void Text(string text)
    {
        int most = text.Length * MaxBytesPerUnit;
        if (most > 0x7F)
        {
            int count = Encoding.UTF8.GetByteCount(text);
            UInt((uint)count);
            Encoding.UTF8.GetBytes(text, Take(count));
            return;
        }
        if (_bytes.Length - Length < 1 + most)
        {
            Grow(1 + most);
        }
        int written = Encoding.UTF8.GetBytes(text, _bytes.AsSpan(Length + 1));
        _bytes[Length] = (byte)written;
        Length += 1 + written;
    }

    /// <summary>Begins a part that readers of other versions may find longer or shorter than theirs.</summary>
    /// <returns>What <see cref="End"/> wants.</returns>
    public int Begin()
    {
        Take(1);
        return Length;
    }

    /// <summary>Ends a part: its length goes before it.</summary>
    public void End(int start)
    {
        uint length = (uint)(Length - start);
        if (length <= 0x7F)
        {
            _bytes[start - 1] = (byte)length;
            return;
        }
        int more = BitOperations.Log2(length) / 7;
        Take(more);
        _bytes.AsSpan(start, (int)length).CopyTo(_bytes.AsSpan(start + more));
        int end = Length;
        Length = start - 1;
        UInt(length);
        Length = end;
    }

    private Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }
        Span<byte> bytes = _bytes.AsSpan(Length, count);
        Length += count;
        return bytes;
    }

    private void Grow(int count) => Array.Resize(ref _bytes, checked(Math.Max(Length + count, _bytes.Length * 2)));
}
