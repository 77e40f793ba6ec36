using System.Buffers.Binary;

namespace KismetOrleans.Packets.Protocol;

/// <summary>How the body of a batch is packed.</summary>
[Flags]
public enum BatchFlags : byte
{
    /// <summary>As it is.</summary>
    None = 0,

    /// <summary>By Brotli.</summary>
    Brotli = 1,
}

/// <summary>
/// What stands before the body of a <see cref="EdgeMessageType.Batch"/>: boot id (8 bytes), sequence (8), number of the first packet (8),
/// packets (4), bytes of the body once unpacked (4), flags (1).
/// </summary>
/// <param name="BootId">Life of the spool: nanoseconds since 1970 at which it began.</param>
/// <param name="Sequence">Number of the batch, from 1; goes on over lives.</param>
/// <param name="FirstPacket">Packets that the source gave before this batch; a gap to the batch before says how many were lost.</param>
/// <param name="Packets">Packets in the batch, 1 to <see cref="EdgeProtocol.MaxBatchPackets"/>.</param>
/// <param name="BodyBytes">Bytes of the unpacked body.</param>
/// <param name="Flags">How it is packed.</param>
public readonly record struct BatchHeader(ulong BootId, ulong Sequence, ulong FirstPacket, int Packets, int BodyBytes, BatchFlags Flags)
{
    internal const int Length = 33;

    internal void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, BootId);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], FirstPacket);
        BinaryPrimitives.WriteInt32LittleEndian(target[24..], Packets);
        BinaryPrimitives.WriteInt32LittleEndian(target[28..], BodyBytes);
        target[32] = (byte)Flags;
    }

    /// <summary>Reads it from the start of a batch's payload.</summary>
    /// <returns>False where it is cut short or a number is out of its bounds.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out BatchHeader header)
    {
        header = default;
        if (payload.Length < Length)
        {
            return false;
        }
        header = new(
            BinaryPrimitives.ReadUInt64LittleEndian(payload),
            BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(payload[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(payload[28..]),
            (BatchFlags)payload[32]);
        return header is { Sequence: > 0, Packets: > 0 and <= EdgeProtocol.MaxBatchPackets, BodyBytes: > 0 and <= EdgeProtocol.MaxBodyBytes }
            && (header.Flags & ~BatchFlags.Brotli) == 0;
    }

    /// <summary>Puts a batch into another life: a frame's boot id, and its checksum anew.</summary>
    public static void Restamp(Span<byte> frame, ulong bootId)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(frame[EdgeFrame.HeaderLength..], bootId);
        EdgeFrame.Seal(frame, EdgeMessageType.Batch);
    }
}
