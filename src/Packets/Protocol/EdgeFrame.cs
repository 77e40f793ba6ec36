using System.Buffers.Binary;
using System.IO.Hashing;

namespace KismetOrleans.Packets.Protocol;

/// <summary>
/// One message: CRC-32 of all that follows (4 bytes), magic (2), version (1), type (1), length of the payload (4), payload. All numbers
/// little-endian. The same bytes are the records of a spool, where they tell a torn tail.
/// </summary>
public static class EdgeFrame
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderLength = 12;

    /// <summary>What stands after the checksum: "KE".</summary>
    internal const ushort Magic = 0x454B;

    private const int CrcLength = 4;
    private const int VersionOffset = 6;
    private const int TypeOffset = 7;
    private const int LengthOffset = 8;

    /// <summary>Fills in the header of a frame whose payload stands already.</summary>
    /// <param name="frame">Header and payload.</param>
    /// <param name="type">What it carries.</param>
    internal static void Seal(Span<byte> frame, EdgeMessageType type)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame[CrcLength..], Magic);
        frame[VersionOffset] = EdgeProtocol.Version;
        frame[TypeOffset] = (byte)type;
        BinaryPrimitives.WriteInt32LittleEndian(frame[LengthOffset..], frame.Length - HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Crc32.HashToUInt32(frame[CrcLength..]));
    }

    /// <summary>Bytes of the frame that begins here, by its header alone.</summary>
    /// <returns>False where no frame of this version begins or its length is out of bounds; too few bytes count as that.</returns>
    public static bool TryLength(ReadOnlySpan<byte> start, out int length)
    {
        length = 0;
        if (start.Length < HeaderLength || BinaryPrimitives.ReadUInt16LittleEndian(start[CrcLength..]) != Magic
            || start[VersionOffset] != EdgeProtocol.Version)
        {
            return false;
        }
        uint payload = BinaryPrimitives.ReadUInt32LittleEndian(start[LengthOffset..]);
        if (payload > EdgeProtocol.MaxFrameBytes - HeaderLength)
        {
            return false;
        }
        length = HeaderLength + (int)payload;
        return true;
    }

    /// <summary>Opens a whole frame.</summary>
    /// <param name="frame">The message.</param>
    /// <param name="type">What it carries; may be a number without a name.</param>
    /// <param name="payload">The rest.</param>
    /// <param name="error">What is wrong with it, fit for the log; null when nothing is.</param>
    public static bool TryOpen(ReadOnlySpan<byte> frame, out EdgeMessageType type, out ReadOnlySpan<byte> payload, out string? error)
    {
        error = Check(frame);
        type = error is null ? (EdgeMessageType)frame[TypeOffset] : 0;
        payload = error is null ? frame[HeaderLength..] : default;
        return error is null;
    }

    private static string? Check(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < HeaderLength)
        {
            return $"a message of {frame.Length} bytes is shorter than its header";
        }
        if (BinaryPrimitives.ReadUInt16LittleEndian(frame[CrcLength..]) != Magic)
        {
            return "a message that does not begin as one of this protocol";
        }
        if (frame[VersionOffset] != EdgeProtocol.Version)
        {
            return $"protocol version {frame[VersionOffset]}, where {EdgeProtocol.Version} is spoken";
        }
        if (!TryLength(frame, out int length) || length != frame.Length)
        {
            long stated = BinaryPrimitives.ReadUInt32LittleEndian(frame[LengthOffset..]) + (long)HeaderLength;
            return $"a message of {frame.Length} bytes says that it has {stated}";
        }
        return BinaryPrimitives.ReadUInt32LittleEndian(frame) == Crc32.HashToUInt32(frame[CrcLength..]) ? null : "a message whose checksum is wrong";
    }
}
