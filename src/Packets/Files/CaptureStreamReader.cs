using KismetOrleans.Packets.Sources;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Files;

/// <summary>A capture that comes by a pipe or a connection, at its own pace: its header may be minutes away, as tcpdump writes it with the first packets.</summary>
/// <param name="inner">What to read; closed with this.</param>
/// <param name="name">What to call it in messages.</param>
internal sealed class CaptureStreamReader(Stream inner, string name) : IReplayReader
{
    private readonly ReadAheadStream _stream = new(inner);
    private readonly byte[] _start = new byte[4096];
    private CaptureFileReader? _reader;
    private int _filled;
    private string? _error;

    public LinkType LinkType => _reader?.LinkType ?? LinkType.None;

    public long Length => 0;

    public long FilePosition => _reader?.FilePosition ?? 0;

    public string? Error => _error ?? _reader?.Error;

    /// <summary>What is odd about it although it could be read; null for nothing.</summary>
    public string? Warning => _reader?.Warning;

    /// <summary>Whether anything came of it.</summary>
    public bool HasBegun => _reader is not null;

    /// <summary>Fills a batch; it is empty where nothing came for a while.</summary>
    public bool TryRead(PacketBatch batch)
    {
        if (_reader is not null)
        {
            return _reader.TryRead(batch);
        }
        batch.Count = 0;
        batch.FilePosition = 0;
        return Begin();
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _stream.Dispose();
    }

    // False when there will be nothing.
    private bool Begin()
    {
        int read;
        try
        {
            read = _stream.Read(_start.AsSpan(_filled));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            _error = $"{name}: cannot be read: {e.Message}";
            return false;
        }
        _filled += read;
        bool ends = read == 0 && !_stream.IsWaiting;
        if (!ends && _filled < PcapHeader.Length)
        {
            return true;
        }
        if (ends && _filled == 0)
        {
            _error = $"{name}: nothing came of it";
            return false;
        }
        try
        {
            _reader = CaptureFileReader.Begin(_stream, _start, _filled, name);
        }
        catch (CaptureFormatException e)
        {
            _error = e.Message;
        }
        return _error is null;
    }
}
