using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;

namespace KismetOrleans.Packets.Sources;

/// <summary>A capture file as a source: as fast as it is asked, or paced.</summary>
internal sealed class FilePacketSource : IPacketSource
{
    private readonly IReplayReader _reader;
    private readonly ReplayPace? _pace;
    private readonly PacketBatch? _ahead;
    private int _next;
    private long _aheadStart;
    private long _position;

    /// <summary>Opens a capture file.</summary>
    /// <param name="path">pcap or pcapng, also gzipped.</param>
    /// <param name="realtime">Whether packets come with the gaps that they had.</param>
    /// <param name="packetsPerSecond">At most so many packets a second; null for no limit.</param>
    /// <param name="time">Clock of the replay; null for the system's.</param>
    /// <exception cref="CaptureFormatException">The file is missing, unreadable or no capture.</exception>
    public FilePacketSource(string path, bool realtime = false, int? packetsPerSecond = null, TimeProvider? time = null)
        : this(CaptureFileReader.Open(path), path, realtime, packetsPerSecond, time)
    {
    }

    internal FilePacketSource(IReplayReader reader, string path, bool realtime, int? packetsPerSecond, TimeProvider? time)
    {
        Interface = path;
        _reader = reader;
        if (realtime || packetsPerSecond is not null)
        {
            _pace = new(time ?? TimeProvider.System, realtime, packetsPerSecond);
            _ahead = new();
        }
    }

    public LinkType LinkType => _reader.LinkType;

    public string Interface { get; }

    public string? Error => _ahead is null || _next >= _ahead.Count ? _reader.Error : null;

    /// <summary>What is odd about the file although it could be read; null for nothing.</summary>
    public string? Warning => (_reader as CaptureFileReader)?.Warning ?? (_reader as CaptureStreamReader)?.Warning;

    public double? Progress => _reader.Length == 0 ? null : Math.Min(1.0, (double)_position / _reader.Length);

    public long Dropped => 0;

    public bool TryRead(PacketBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool any = _pace is null ? _reader.TryRead(batch) : TryReadPaced(batch, _ahead!, _pace, cancellation);
        _position = any ? batch.FilePosition : _reader.FilePosition;
        return any;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Waits for the next packet's time, but not for too long, and hands over all that are due by then.</summary>
    private bool TryReadPaced(PacketBatch batch, PacketBatch ahead, ReplayPace pace, CancellationToken cancellation)
    {
        batch.Count = 0;
        if (_next == ahead.Count)
        {
            _next = 0;
            _aheadStart = _reader.FilePosition;
            if (!_reader.TryRead(ahead))
            {
                return false;
            }
            if (ahead.Count == 0)
            {
                // A pipe in which nothing came.
                return true;
            }
        }
        pace.Wait(in ahead.Packets[_next], PacketSources.LongestSilence, cancellation);
        int filled = 0;
        while (_next < ahead.Count && batch.Count < batch.Packets.Length && pace.IsDue(in ahead.Packets[_next]))
        {
            ReadOnlySpan<byte> bytes = ahead.Span(_next);
            if (bytes.Length > batch.Bytes.Length - filled)
            {
                if (batch.Count == 0)
                {
                    throw new ArgumentException($"The batch has no room for a packet of {bytes.Length} bytes.", nameof(batch));
                }
                break;
            }
            bytes.CopyTo(batch.Bytes.AsSpan(filled));
            ref CapturedPacket packet = ref batch.Packets[batch.Count++];
            packet = ahead.Packets[_next];
            packet.Offset = filled;
            if (ahead.Notes is { } notes)
            {
                (batch.Notes ??= new PacketNotes[batch.Packets.Length])[batch.Count - 1] = notes[_next];
            }
            _next++;
            filled += bytes.Length;
            pace.Sent(in packet);
        }
        // The file was read as far as the last packet ahead; what is still held back counts as not consumed.
        batch.FilePosition = _aheadStart + (ahead.FilePosition - _aheadStart) * _next / ahead.Count;
        return true;
    }
}
