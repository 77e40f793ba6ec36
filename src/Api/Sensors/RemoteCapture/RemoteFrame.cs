using System.Buffers;
using System.Buffers.Binary;

namespace KismetOrleans.Api.Sensors.RemoteCapture;

/// <summary>What a frame is (numbers of Kismet's remote capture protocol, version 3).</summary>
internal enum RemoteFrameType : ushort
{
    /// <summary>Is anybody there? Without payload.</summary>
    Ping = 2,

    /// <summary>Answer to <see cref="Ping"/>, with its number.</summary>
    Pong = 3,

    /// <summary>The connection ends, with the reason.</summary>
    Shutdown = 4,

    Message = 5,

    /// <summary>What went wrong, in words; the connection ends.</summary>
    Error = 6,

    OpenRequest = 12,
    OpenReport = 13,

    /// <summary>A packet, with whatever else was measured.</summary>
    Packet = 16,

    ConfigRequest = 17,

    /// <summary>Where the source is tuned now.</summary>
    ConfigReport = 18,

    /// <summary>What the capture program has.</summary>
    NewSource = 19,
}

/// <summary>One frame: a header of 20 bytes, all numbers big-endian, then a MessagePack map.</summary>
/// <param name="Type">What it is; a number without a name where it is none of those that are looked at here.</param>
/// <param name="Code">In reports of capture programs 1 for success; in requests 1.</param>
/// <param name="Number">Number of the frame; in a report that of its request.</param>
internal readonly record struct RemoteFrame(RemoteFrameType Type, ushort Code, uint Number, ReadOnlySequence<byte> Payload)
{
    public const int HeaderLength = 20;

    /// <summary>Bytes of a frame, header included, at most.</summary>
    public const int MaxLength = 16_384;

    private const uint Signature = 0xDECAFBAD;
    private const ushort Sentinel = 0xA9A9;
    private const ushort Version = 3;

    // What version 2 has where version 3 has its sentinel.
    private const ushort Version2Sentinel = 0xABCD;

    /// <summary>Takes the next frame off what has come.</summary>
    /// <returns>False where it is not whole yet.</returns>
    /// <exception cref="InvalidDataException">It is no frame of this version.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> rest, out RemoteFrame frame)
    {
        frame = default;
        Span<byte> copy = stackalloc byte[HeaderLength];
        int length = (int)Math.Min(rest.Length, HeaderLength);
        rest.Slice(0, length).CopyTo(copy);
        Check(copy[..length]);
        if (length < HeaderLength)
        {
            return false;
        }
        uint payload = BinaryPrimitives.ReadUInt32BigEndian(copy[8..]);
        if (payload > MaxLength - HeaderLength)
        {
            throw new InvalidDataException($"a frame of {payload + (ulong)HeaderLength} bytes, where {MaxLength} are the most");
        }
        if (rest.Length < HeaderLength + payload)
        {
            return false;
        }
        frame = new(
            (RemoteFrameType)BinaryPrimitives.ReadUInt16BigEndian(copy[12..]), BinaryPrimitives.ReadUInt16BigEndian(copy[14..]), BinaryPrimitives.ReadUInt32BigEndian(copy[16..]),
            rest.Slice(HeaderLength, payload));
        rest = rest.Slice(HeaderLength + payload);
        return true;
    }

    public static void WriteHeader(Span<byte> frame, RemoteFrameType type, ushort code, uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame, Signature);
        BinaryPrimitives.WriteUInt16BigEndian(frame[4..], Sentinel);
        BinaryPrimitives.WriteUInt16BigEndian(frame[6..], Version);
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], (uint)(frame.Length - HeaderLength));
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(frame[14..], code);
        BinaryPrimitives.WriteUInt32BigEndian(frame[16..], number);
    }

    // As early as it can be told: who speaks something else may never send as many bytes as a header has.
    private static void Check(ReadOnlySpan<byte> header)
    {
        if (header.Length >= 4 && BinaryPrimitives.ReadUInt32BigEndian(header) != Signature)
        {
            throw new InvalidDataException("something that is no frame of Kismet's remote capture");
        }
        if (header.Length < 8)
        {
            return;
        }
        ushort sentinel = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        ushort version = BinaryPrimitives.ReadUInt16BigEndian(header[6..]);
        if (sentinel is not Sentinel || version is not Version)
        {
            string found = sentinel == Sentinel ? $"version {version}" : sentinel == Version2Sentinel ? "version 2" : "a version before 2";
            throw new InvalidDataException($"{found} of Kismet's remote capture protocol, where version 3 is needed: its capture programs of 2025 and later have it");
        }
    }
}
