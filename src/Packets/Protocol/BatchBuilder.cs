using System.Buffers;
using System.IO.Compression;
using KismetOrleans.Packets.Live;

namespace KismetOrleans.Packets.Protocol;

/// <summary>
/// Collects packets and packs them into one frame. The body is in columns, which compress better and pack faster than rows: runs of equal
/// (link type, interface, time out of range), then times, then lengths, then all bytes; whatever is added stands behind those. Not thread-safe; nothing is allocated per packet.
/// </summary>
public sealed class BatchBuilder
{
    /// <summary>Brotli's fastest but one: a third of the bytes at 2 M packets/s a core (big.pcap); quality 2 takes twice the time for 29 %.</summary>
    private const int BrotliQuality = 1;

    /// <summary>Bits of Brotli's window: the whole batch. Beacons come back after seconds: 34 % are left with 1 MiB, 42 % with 256 KiB.</summary>
    private const int BrotliWindow = 20;

    private const int Front = EdgeFrame.HeaderLength + BatchHeader.Length;

    private readonly int _maxPackets;
    private readonly int _maxBytes;

    // Bytes begin where the columns can still be put before them, so that packets are copied once.
    private readonly int _bytesStart;
    private readonly byte[] _body;
    private readonly byte[] _runs;
    private readonly byte[] _times;
    private readonly byte[] _lengths;
    private byte[] _packed = [];
    private int _bytes;
    private int _runsLength;
    private int _timesLength;
    private int _lengthsLength;
    private long _lastTime;
    private CapturedPacket _run;
    private int _runPackets;

    /// <summary>An empty one.</summary>
    /// <param name="maxPackets">Packets that it takes, at most 4,096.</param>
    /// <param name="maxBytes">Bytes of packets that it takes, at most 1 MiB.</param>
    public BatchBuilder(int maxPackets = EdgeProtocol.MaxBatchPackets, int maxBytes = EdgeProtocol.MaxBatchBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPackets, EdgeProtocol.MaxBatchPackets);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, EdgeProtocol.MaxBatchBytes);
        (_maxPackets, _maxBytes) = (maxPackets, maxBytes);
        _bytesStart = Front + (maxPackets * EdgeProtocol.ColumnBytesPerPacket);
        _body = new byte[_bytesStart + maxBytes + BatchNotes.MaxLength];
        _runs = new byte[maxPackets * 12];
        _times = new byte[maxPackets * Varint.MaxLength];
        _lengths = new byte[maxPackets * Varint.MaxLength];
    }

    /// <summary>Where the collected packets were seen.</summary>
    public PacketPosition? Position { get; set; }

    /// <summary>How the host's clock stood when they were; null where they are not dated by it.</summary>
    public HostClock? Clock { get; set; }

    /// <summary>Whether bodies are compressed where that makes them smaller.</summary>
    public bool Compress { get; init; } = true;

    /// <summary>Packets collected.</summary>
    public int Packets { get; private set; }

    /// <summary>Bytes of the collected packets.</summary>
    public int Bytes => _bytes;

    /// <summary>Takes packets of a batch, from <paramref name="next"/> on, as long as there is room.</summary>
    /// <param name="batch">The packets.</param>
    /// <param name="next">The first packet to take; moved behind the last that was taken.</param>
    /// <returns>Whether all that were left have been taken.</returns>
    /// <exception cref="ArgumentException">A packet is longer than any capture's.</exception>
    public bool Add(PacketBatch batch, ref int next)
    {
        for (; next < batch.Count; next++)
        {
            ref readonly CapturedPacket packet = ref batch.Packets[next];
            if (!HasRoom(packet.Length))
            {
                return Packets > 0 ? false : throw new ArgumentException($"A packet of {packet.Length} bytes fits no batch.", nameof(batch));
            }
            Note(in packet);
            batch.Span(next).CopyTo(Take(packet.Length));
        }
        return true;
    }

    /// <summary>Takes one packet, in pieces.</summary>
    /// <param name="packet">What is said of it; its length is that of all pieces.</param>
    /// <param name="front">Its first bytes.</param>
    /// <param name="rest">Its other bytes.</param>
    /// <returns>False where there is no room for it.</returns>
    public bool TryAdd(in CapturedPacket packet, ReadOnlySpan<byte> front, in ReadOnlySequence<byte> rest)
    {
        if (!HasRoom(packet.Length))
        {
            return false;
        }
        Note(in packet);
        Span<byte> to = Take(packet.Length);
        front.CopyTo(to);
        rest.CopyTo(to[front.Length..]);
        return true;
    }

    /// <summary>Packs what was collected.</summary>
    /// <param name="bootId">Life of the source.</param>
    /// <param name="sequence">Number of the batch.</param>
    /// <param name="firstPacket">Packets that the source gave before.</param>
    /// <returns>The sealed frame; valid until the next call of anything here.</returns>
    /// <exception cref="InvalidOperationException">Nothing was collected.</exception>
    public ReadOnlyMemory<byte> Pack(ulong bootId, ulong sequence, ulong firstPacket)
    {
        if (Packets == 0)
        {
            throw new InvalidOperationException("An empty batch cannot be packed.");
        }
        EndRun();
        int start = _bytesStart - _lengthsLength - _timesLength - _runsLength;
        _runs.AsSpan(0, _runsLength).CopyTo(_body.AsSpan(start));
        _times.AsSpan(0, _timesLength).CopyTo(_body.AsSpan(start + _runsLength));
        _lengths.AsSpan(0, _lengthsLength).CopyTo(_body.AsSpan(start + _runsLength + _timesLength));
        int length = _bytesStart + _bytes - start;
        length += BatchNotes.Write(_body.AsSpan(start + length), Position, Clock);
        BatchHeader header = new(bootId, sequence, firstPacket, Packets, length, BatchFlags.None);
        Memory<byte> frame = _body.AsMemory(start - Front, Front + length);
        if (Compress && TryCompress(_body.AsSpan(start, length), out int packed))
        {
            header = header with { Flags = BatchFlags.Brotli };
            frame = _packed.AsMemory(0, Front + packed);
        }
        header.Write(frame.Span[EdgeFrame.HeaderLength..]);
        EdgeFrame.Seal(frame.Span, EdgeMessageType.Batch);
        return frame;
    }

    /// <summary>Forgets what was collected.</summary>
    public void Clear()
    {
        Packets = _bytes = _runsLength = _timesLength = _lengthsLength = _runPackets = 0;
        (Position, Clock) = (null, null);
    }

    private bool HasRoom(int length) => Packets < _maxPackets && length <= _maxBytes - _bytes;

    private Span<byte> Take(int length)
    {
        Span<byte> room = _body.AsSpan(_bytesStart + _bytes, length);
        _bytes += length;
        return room;
    }

    private void Note(in CapturedPacket packet)
    {
        if (_runPackets > 0 && packet.LinkType == _run.LinkType && packet.Interface == _run.Interface && packet.TimeOutOfRange == _run.TimeOutOfRange)
        {
            _runPackets++;
        }
        else
        {
            EndRun();
            _run = packet;
            _runPackets = 1;
        }
        long since = Packets == 0 ? packet.TimeNs : unchecked(packet.TimeNs - _lastTime);
        _lastTime = packet.TimeNs;
        _timesLength += Varint.Write(_times.AsSpan(_timesLength), Varint.Zigzag(since));
        // The lowest bit says that another number, what was cut off, follows.
        bool cut = packet.OriginalLength != packet.Length;
        _lengthsLength += Varint.Write(_lengths.AsSpan(_lengthsLength), ((ulong)packet.Length << 1) | (cut ? 1u : 0));
        if (cut)
        {
            _lengthsLength += Varint.Write(_lengths.AsSpan(_lengthsLength), Varint.Zigzag((long)packet.OriginalLength - packet.Length));
        }
        Packets++;
    }

    private void EndRun()
    {
        if (_runPackets == 0)
        {
            return;
        }
        Span<byte> runs = _runs.AsSpan(_runsLength);
        int length = Varint.Write(runs, (ulong)_runPackets);
        length += Varint.Write(runs[length..], (ulong)_run.LinkType);
        length += Varint.Write(runs[length..], (uint)_run.Interface);
        runs[length++] = _run.TimeOutOfRange ? (byte)1 : (byte)0;
        _runsLength += length;
        _runPackets = 0;
    }

    private bool TryCompress(ReadOnlySpan<byte> body, out int packed)
    {
        packed = 0;
        // Room for one byte less than the body: what does not get smaller is not worth unpacking.
        int room = body.Length - 1;
        if (_packed.Length < Front + room)
        {
            _packed = GC.AllocateUninitializedArray<byte>(Math.Max(Front + room, _packed.Length * 2));
        }
        return room > 0 && BrotliEncoder.TryCompress(body, _packed.AsSpan(Front, room), out packed, BrotliQuality, BrotliWindow);
    }
}
