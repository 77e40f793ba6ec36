using System.IO.Compression;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Files;

/// <summary>
/// Reads pcap and pcapng files, also gzipped, from beginning to end in constant memory. The file's bytes go straight into the batch,
/// where its packets are indexed in place; only the record that a batch cuts in two is copied into the next one.
/// </summary>
internal sealed class CaptureFileReader : IReplayReader
{
    /// <summary>What <see cref="Open"/> reads to learn the format and the first interface.</summary>
    private const int FirstPiece = 4096;

    /// <summary>A read below this costs more in system calls than it saves in carrying the rest over.</summary>
    private const int SmallestRead = 65_536;

    private readonly Stream _file;
    private readonly Stream _stream;
    private readonly CaptureIndexer _indexer;
    private byte[] _carry;
    private int _carryStart;
    private int _carried;
    private bool _atEnd;
    private bool _waits;
    private string? _readError;
    private double _bytesPerPacket = 256;

    private CaptureFileReader(Stream file, Stream stream, CaptureIndexer indexer, byte[] carry, int carried, int consumed)
    {
        _file = file;
        _stream = stream;
        _indexer = indexer;
        _carry = carry;
        // Section header and interfaces are read ahead, so that the link type is known before the first batch.
        int described = indexer.Index(carry.AsSpan(consumed, carried - consumed), 0, consumed, null);
        Position = consumed + described;
        _carried = carried - (int)Position;
        carry.AsSpan((int)Position, _carried).CopyTo(carry);
    }

    /// <summary>Link type of the first interface; numbers without a name are passed on as they are. None where the file names none early.</summary>
    public LinkType LinkType => _indexer.LinkType;

    /// <summary>The interfaces of the current section; of pcap, one without name.</summary>
    public IReadOnlyList<PcapngInterface> Interfaces => _indexer.Interfaces;

    public bool IsCompressed => _stream != _file;

    /// <summary>Bytes of the file as it lies on the disk, 0 for pipes.</summary>
    public long Length => _file.CanSeek ? _file.Length : 0;

    /// <summary>Bytes consumed of the unpacked capture; positions in messages are counted so.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes consumed of the file as it lies on the disk.</summary>
    public long FilePosition => IsCompressed && _file.CanSeek ? _file.Position : Position;

    /// <summary>Why the file ended early or what was left out of it, with the position; null while it is read and after a clean end.</summary>
    public string? Error { get; private set; }

    /// <summary>What is odd about the file although it could be read; null for nothing.</summary>
    public string? Warning => _indexer.Warning;

    public long PacketsRead { get; private set; }

    /// <summary>Packets left out because the file does not describe their interface.</summary>
    public long PacketsUnreadable => _indexer.PacketsUnreadable;

    /// <summary>Packets whose time is out of range (see <see cref="CapturedPacket.TimeOutOfRange"/>).</summary>
    public long TimesOutOfRange => _indexer.TimesOutOfRange;

    /// <summary>Blocks of types that hold no packets, such as names and statistics.</summary>
    public long BlocksSkipped => _indexer.BlocksSkipped;

    // A pipe that nobody writes into, or a file of a server that does not answer, keeps who opens it for as long as it likes.
    private static readonly TimeSpan s_openWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_letGoWithin = TimeSpan.FromSeconds(1);

    /// <exception cref="CaptureFormatException">The file is missing, unreadable, empty or no capture, or does not answer in time.</exception>
    public static CaptureFileReader Open(string path)
    {
        Task<CaptureFileReader> opening = Task.Factory.StartNew(() => OpenNow(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (Task.WhenAny(opening, Task.Delay(s_openWithin)).GetAwaiter().GetResult() == opening)
        {
            return opening.GetAwaiter().GetResult();
        }
        // Its thread stays until the file answers; then nobody wants it any more. A pipe answers as soon as somebody opens it for writing.
        _ = Task.Factory.StartNew(() => LetGo(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Wait(s_letGoWithin);
        _ = opening.ContinueWith(
            static late =>
            {
                if (late.IsCompletedSuccessfully)
                {
                    late.Result.Dispose();
                }
                _ = late.Exception;
            },
            TaskScheduler.Default);
        throw new CaptureFormatException($"{path}: nothing came of it within {s_openWithin.TotalSeconds} s");
    }

    private static void LetGo(string path)
    {
        try
        {
            // Not for writing alone, which would wait for a reader.
            using FileStream both = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then the thread stays.
        }
    }

    private static CaptureFileReader OpenNow(string path)
    {
        FileStream? file = null;
        try
        {
            // No buffer of its own: reads go straight into the batch.
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            return Detect(file, path);
        }
        catch (Exception e)
        {
            file?.Dispose();
            switch (e)
            {
                case FileNotFoundException or DirectoryNotFoundException:
                    throw new CaptureFormatException($"{path}: there is no such file", e);
                case UnauthorizedAccessException when Directory.Exists(path):
                    throw new CaptureFormatException($"{path}: is a directory, not a capture file", e);
                case UnauthorizedAccessException:
                    throw new CaptureFormatException($"{path}: this process may not read the file", e);
                case ArgumentException or NotSupportedException:
                    throw new CaptureFormatException($"'{path}': is not the path of a file", e);
                case IOException or InvalidDataException:
                    throw new CaptureFormatException($"{path}: cannot be read: {e.Message}", e);
                default:
                    throw;
            }
        }
    }

    /// <summary>Fills <paramref name="batch"/> with the next packets, as many as its list and its bytes have room for.</summary>
    /// <returns>False at the end, when the batch is empty; <see cref="Error"/> then says whether it was an early one. A <see cref="ReadAheadStream"/> may give an empty one before.</returns>
    /// <exception cref="ArgumentException">The batch has no room for a single packet.</exception>
    public bool TryRead(PacketBatch batch)
    {
        if (batch.Packets.Length == 0 || batch.Bytes.Length == 0)
        {
            throw new ArgumentException("The batch has no room for packets.", nameof(batch));
        }
        batch.Count = 0;
        _waits = false;
        while (batch.Count == 0 && Error is null && !_waits && Step(batch))
        {
        }
        batch.FilePosition = FilePosition;
        PacketsRead += batch.Count;
        return batch.Count > 0 || (_waits && Error is null);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    private static CaptureFileReader Detect(FileStream file, string path)
    {
        byte[] start = new byte[FirstPiece];
        int filled = Read(file, start, out string? error);
        if (filled == 0)
        {
            throw new CaptureFormatException(error is null ? $"{path}: is empty" : $"{path}: cannot be read: {error}");
        }
        Stream stream = file;
        if (CaptureMagic.IsGzip(start.AsSpan(0, filled)) && file.CanSeek)
        {
            file.Position = 0;
            stream = new GZipStream(file, CompressionMode.Decompress);
            filled = Read(stream, start, out error);
            if (filled == 0)
            {
                throw new CaptureFormatException($"{path}: cannot be unpacked: {error ?? "nothing is packed in it"}");
            }
        }
        return Begin(file, stream, start, filled, path);
    }

    /// <summary>A capture that comes by a pipe or a connection, of which the first bytes are there.</summary>
    /// <param name="stream">The rest; closed with the reader.</param>
    /// <param name="start">Room for <see cref="FirstPiece"/>, kept.</param>
    /// <param name="filled">Bytes in it, those of a header of pcap at least.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="CaptureFormatException">It is no capture.</exception>
    internal static CaptureFileReader Begin(ReadAheadStream stream, byte[] start, int filled, string name) => Begin(stream, stream, start, filled, name);

    private static CaptureFileReader Begin(Stream file, Stream stream, byte[] start, int filled, string path)
    {
        ReadOnlySpan<byte> head = start.AsSpan(0, filled);
        if (PcapngBlock.HasMagic(head))
        {
            var reader = new CaptureFileReader(file, stream, new PcapngIndexer(), start, filled, 0);
            return reader._indexer.Error is { } reason && reader.Position == 0
                ? throw new CaptureFormatException($"{path}: is no pcapng file ({reason})")
                : reader;
        }
        switch (PcapHeader.TryParse(head, out PcapHeader header))
        {
            case ParseStatus.Ok:
                return new(file, stream, new PcapIndexer(header), start, filled, PcapHeader.Length);
            case ParseStatus.Truncated:
                throw new CaptureFormatException($"{path}: is cut inside the file header ({filled} of {PcapHeader.Length} bytes)");
            default:
                throw new CaptureFormatException($"{path}: is no pcap or pcapng file{CaptureMagic.Describe(head)}");
        }
    }

    /// <summary>Reads and indexes one piece; false when there is nothing more to read.</summary>
    private bool Step(PacketBatch batch)
    {
        byte[] bytes = batch.Bytes;
        if (!SkipAhead(bytes))
        {
            Error = _readError ?? $"cut inside a block at byte {Position}";
            return false;
        }
        if (_waits)
        {
            return true;
        }
        bool all = _carried <= bytes.Length;
        int filled = Fill(batch);
        int consumed = _indexer.Index(bytes.AsSpan(0, filled), 0, Position, batch);
        Position += consumed;
        if (all)
        {
            Keep(bytes.AsSpan(consumed, filled - consumed));
        }
        else
        {
            // A larger batch left more over than this one takes; nothing new was read behind it.
            _carryStart += consumed;
            _carried -= consumed;
        }
        if (batch.Count > 0)
        {
            _bytesPerPacket = (_bytesPerPacket + (double)consumed / batch.Count) / 2;
        }
        Error = _indexer.Error;
        if (Error is null && consumed == 0 && _indexer.Skip == 0)
        {
            if (filled == bytes.Length)
            {
                Error = $"the packet at byte {Position} needs {_indexer.Needed} bytes, more than the {filled} that a batch has";
            }
            else if (_atEnd)
            {
                Error = _readError ?? (filled > 0 ? $"cut inside {_indexer.CutIn} at byte {Position + filled}" : Unreadable());
                return false;
            }
        }
        return Error is null;
    }

    private string? Unreadable() =>
        PacketsUnreadable == 0 ? null : $"{PacketsUnreadable} packets left out: {_indexer.FirstUnreadable}";

    /// <summary>Puts what is left over and the next bytes of the file into the batch.</summary>
    private int Fill(PacketBatch batch)
    {
        byte[] bytes = batch.Bytes;
        int taken = Math.Min(_carried, bytes.Length);
        _carry.AsSpan(_carryStart, taken).CopyTo(bytes);
        // With a short list of packets, a full buffer would mostly be carried over; at least one whole record must fit.
        double expected = Math.Min(_bytesPerPacket * batch.Packets.Length * 1.1, bytes.Length);
        int end = (int)Math.Min(Math.Max(Math.Max((long)expected, SmallestRead), _indexer.Needed), bytes.Length);
        return _atEnd || taken >= end ? taken : taken + ReadOn(bytes.AsSpan(taken, end - taken));
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > _carry.Length)
        {
            _carry = new byte[Math.Max(rest.Length, 2 * _carry.Length)];
        }
        rest.CopyTo(_carry);
        _carryStart = 0;
        _carried = rest.Length;
    }

    /// <summary>Takes bytes of no interest from the file; false when it ends among them.</summary>
    private bool SkipAhead(byte[] scratch)
    {
        while (_indexer.Skip > 0)
        {
            int read = _atEnd ? 0 : ReadOn(scratch.AsSpan(0, (int)Math.Min(_indexer.Skip, scratch.Length)));
            if (read == 0)
            {
                return _waits;
            }
            Position += read;
            _indexer.Skip -= read;
        }
        return true;
    }

    /// <summary>Reads until <paramref name="bytes"/> are full or the file ends; a pipe only until it has given something.</summary>
    private int ReadOn(Span<byte> bytes)
    {
        int read = Read(_stream, bytes, out string? error, once: !_file.CanSeek);
        _waits = read == 0 && error is null && _stream is ReadAheadStream { IsWaiting: true };
        _atEnd = error is not null || (read == 0 && !_waits) || (read < bytes.Length && _file.CanSeek);
        _readError = error is null ? null : $"cannot be read on from byte {Position + _carried + read}: {error}";
        return read;
    }

    /// <summary>Reads as much as there is; a fault keeps what came before it.</summary>
    private static int Read(Stream stream, Span<byte> bytes, out string? error, bool once = false)
    {
        int filled = 0;
        error = null;
        try
        {
            while (filled < bytes.Length)
            {
                int read = stream.Read(bytes[filled..]);
                filled += read;
                if (read == 0 || once)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ObjectDisposedException)
        {
            error = e.Message;
        }
        return filled;
    }
}
