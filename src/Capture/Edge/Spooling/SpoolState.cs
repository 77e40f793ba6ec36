using System.Buffers.Binary;
using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Capture.Edge.Spooling;

/// <summary>What a spool remembers beside its batches. One small write at a time, which a kill does not tear; a torn one counts as none.</summary>
internal struct SpoolState
{
    /// <summary>Bytes that it takes: magic, seven numbers, CRC-32.</summary>
    public const int Length = 68;

    // "KOSTATE" and the format's number.
    private const ulong Magic = 0x3145_5441_5453_4F4B;
    private const int CrcOffset = Length - 4;

    public ulong BootId;

    /// <summary>Newest batch that the server has saved.</summary>
    public ulong Saved;

    /// <summary>Packets that there was no room for.</summary>
    public ulong Lost;

    /// <summary>Bytes of the capture file that is replayed, 0 for radios.</summary>
    public long FileLength;

    /// <summary>When it was last written, in ticks.</summary>
    public long FileTime;

    /// <summary>Whether its replay has come to its end: the next one starts anew.</summary>
    public bool Replayed;

    /// <summary>Reads it; false where none is or it is torn.</summary>
    public static bool TryRead(SafeFileHandle handle, out SpoolState state)
    {
        state = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (RandomAccess.Read(handle, bytes, 0) < Length || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[CrcOffset..]) != Crc32.HashToUInt32(bytes[..CrcOffset]))
        {
            return false;
        }
        state.BootId = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        state.Saved = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        state.Lost = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        state.FileLength = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]);
        state.FileTime = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]);
        state.Replayed = BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..]) != 0;
        return true;
    }

    public readonly void Write(SafeFileHandle handle)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], BootId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Saved);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Lost);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], FileLength);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], FileTime);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], Replayed ? 1u : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CrcOffset..], Crc32.HashToUInt32(bytes[..CrcOffset]));
        RandomAccess.Write(handle, bytes, 0);
    }
}
