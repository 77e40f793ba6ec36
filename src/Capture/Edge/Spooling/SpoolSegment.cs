using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using KismetOrleans.Packets.Files;
using KismetOrleans.Packets.Protocol;
using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Capture.Edge.Spooling;

/// <summary>
/// One file of a spool: magic (8 bytes), boot id (8), number of its first batch (8), packets of the source before it (8), CRC-32 (4), then
/// batches as they are sent. Its name is the number of its first batch.
/// </summary>
internal sealed class SpoolSegment
{
    /// <summary>Bytes before the first batch.</summary>
    public const int HeaderLength = 36;

    /// <summary>What the files' names end with.</summary>
    public const string Extension = ".spool";

    // "KOSPOOL" and the format's number.
    private const ulong Magic = 0x314C_4F4F_5053_4F4B;
    private const int CrcOffset = HeaderLength - 4;

    private SpoolSegment(string path, ulong bootId, ulong first, ulong firstPacket)
    {
        Path = path;
        BootId = bootId;
        First = first;
        FirstPacket = NextPacket = firstPacket;
    }

    public string Path { get; private set; }

    /// <summary>Life of the spool when it was begun; the newest of its batches' once read.</summary>
    public ulong BootId { get; private set; }

    /// <summary>Number of its first batch, whether it has one or not.</summary>
    public ulong First { get; }

    /// <summary>Number of the batch that comes after its last.</summary>
    public ulong Next => First + (ulong)Batches;

    public long Batches { get; private set; }
    public long Length { get; private set; } = HeaderLength;

    /// <summary>Packets of the source before the first batch.</summary>
    public ulong FirstPacket { get; }

    /// <summary>Packets of the source up to the last batch.</summary>
    public ulong NextPacket { get; private set; }

    public long Packets { get; private set; }

    public static SpoolSegment Create(string folder, ulong bootId, ulong first, ulong firstPacket, out SafeFileHandle handle)
    {
        SpoolSegment segment = new(PathOf(folder, first), bootId, first, firstPacket);
        handle = OwnerOnly.OpenHandle(segment.Path, FileMode.Create, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            segment.WriteHeader(handle);
            return segment;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins a segment in the file of this one, none of whose batches is wanted any more: on a full disk there is no room for another file. Killed in between, the file
    /// has the new header and batches that do not follow it, which count as none.
    /// </summary>
    public SpoolSegment Recycle(string folder, SafeFileHandle handle, ulong bootId, ulong first, ulong firstPacket)
    {
        SpoolSegment segment = new(Path, bootId, first, firstPacket);
        segment.WriteHeader(handle);
        RandomAccess.SetLength(handle, HeaderLength);
        string path = PathOf(folder, first);
        if (path != Path)
        {
            try
            {
                File.Move(Path, path, overwrite: true);
                segment.Path = path;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The old name sorts before all that come later, which is what names are for.
            }
        }
        return segment;
    }

    /// <summary>Reads a segment and cuts off what follows its last whole batch.</summary>
    /// <returns>Null where there is no segment in the file.</returns>
    public static SpoolSegment? Recover(string path, byte[] buffer)
    {
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = buffer.AsSpan(0, HeaderLength);
        if (RandomAccess.Read(handle, header, 0) < HeaderLength
            || BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(header[CrcOffset..]) != Crc32.HashToUInt32(header[..CrcOffset]))
        {
            return null;
        }
        SpoolSegment segment = new(
            path, BinaryPrimitives.ReadUInt64LittleEndian(header[8..]), BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[24..]));
        while (TryReadAt(handle, segment.Length, long.MaxValue, buffer, out int length, out BatchHeader batch) && batch.Sequence == segment.Next)
        {
            segment.BootId = Math.Max(segment.BootId, batch.BootId);
            segment.Added(length, batch);
        }
        if (RandomAccess.GetLength(handle) > segment.Length)
        {
            RandomAccess.SetLength(handle, segment.Length);
        }
        return segment;
    }

    /// <summary>Reads and checks one batch.</summary>
    /// <param name="offset">Where the batch begins.</param>
    /// <param name="end">Where the file ends for now.</param>
    /// <param name="buffer">Room for the longest frame.</param>
    /// <param name="length">Bytes of the frame.</param>
    public static bool TryReadAt(SafeFileHandle handle, long offset, long end, byte[] buffer, out int length, out BatchHeader batch)
    {
        batch = default;
        // Most batches of a quiet source fit the first read.
        const int Guess = 8192;
        int read = RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(Guess, end - offset)), offset);
        if (!EdgeFrame.TryLength(buffer.AsSpan(0, read), out length) || length > end - offset)
        {
            return false;
        }
        while (read < length)
        {
            int more = RandomAccess.Read(handle, buffer.AsSpan(read, length - read), offset + read);
            if (more == 0)
            {
                return false;
            }
            read += more;
        }
        return EdgeFrame.TryOpen(buffer.AsSpan(0, length), out EdgeMessageType type, out ReadOnlySpan<byte> payload, out _)
            && type == EdgeMessageType.Batch && BatchHeader.TryRead(payload, out batch);
    }

    /// <summary>Packets in its batches of at least a number.</summary>
    public long PacketsFrom(ulong sequence, byte[] buffer)
    {
        if (sequence <= First || Batches == 0)
        {
            return Packets;
        }
        if (sequence >= Next)
        {
            return 0;
        }
        using SafeFileHandle handle = File.OpenHandle(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        long before = 0;
        long at = HeaderLength;
        while (TryReadAt(handle, at, Length, buffer, out int length, out BatchHeader batch) && batch.Sequence < sequence)
        {
            before += batch.Packets;
            at += length;
        }
        return Packets - before;
    }

    /// <summary>Notes a batch that was written at its end.</summary>
    public void Added(int length, in BatchHeader batch)
    {
        Batches++;
        Length += length;
        Packets += batch.Packets;
        NextPacket = batch.FirstPacket + (ulong)batch.Packets;
    }

    private static string PathOf(string folder, ulong first) => System.IO.Path.Combine(folder, first.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    private void WriteHeader(SafeFileHandle handle)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], BootId);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], First);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], FirstPacket);
        BinaryPrimitives.WriteUInt32LittleEndian(header[CrcOffset..], Crc32.HashToUInt32(header[..CrcOffset]));
        RandomAccess.Write(handle, header, 0);
    }
}
