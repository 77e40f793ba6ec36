using System.Buffers;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Grains.Leases;

namespace KismetOrleans.Grains.Streams;

/// <summary>
/// Sends what the tap of one stream takes in this silo to the API server that writes the stream: one call at a time, with all the blocks that
/// wait. Where the API server has no room it waits, and what does not fit into the tap meanwhile is lost and counted there.
/// </summary>
public sealed partial class StreamPump
{
    // A call with this much takes long enough that its way costs little.
    private const int CallBytes = 256 << 10;

    private static readonly TimeSpan s_askForRoomEvery = TimeSpan.FromMilliseconds(20);

    // What waits when a stream is closed; as long as its file may take to end (StreamOptions.CloseWithin).
    private static readonly TimeSpan s_endWithin = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _giveUp = new();
    private readonly Feed _feed;
    private readonly PacketTaps _taps;
    private readonly PacketTap _tap;
    private readonly StreamEntry _stream;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Task _run;
    private ArrayBufferWriter<byte> _buffer = new();
    private long _room;

    /// <summary>Opens the tap and begins to send.</summary>
    public StreamPump(PacketTaps taps, StreamEntry stream, TimeProvider clock, ILogger logger)
    {
        (_taps, _stream, _clock, _logger) = (taps, stream, clock, logger);
        _feed = new(clock, e => NotSent(_logger, _stream.Record.Id, e), _giveUp.Token);
        _tap = taps.Add(stream.Filter);
        Opened(logger, stream.Record.Id, stream.Filter);
        _run = Task.Run(RunAsync);
    }

    /// <summary>Takes no more packets, and sends what waits.</summary>
    internal Task EndAsync()
    {
        _taps.End(_tap);
        _giveUp.CancelAfter(s_endWithin);
        return _run;
    }

    private async Task RunAsync()
    {
        try
        {
            // Says that there is this silo: who closes the stream waits for the rest of all that have said so.
            await SendAsync(last: false);
            await CopyAsync();
            await SendAsync(last: true);
        }
        catch (OperationCanceledException) when (_giveUp.IsCancellationRequested)
        {
            // Its API server does not answer.
        }
        catch (Exception e)
        {
            Failed(_logger, _stream.Record.Id, e);
        }
        finally
        {
            _taps.Remove(_tap);
            Ended(_logger, _stream.Record.Id, _tap.Dropped);
        }
    }

    private async Task CopyAsync()
    {
        Task<TappedPackets?> next = _tap.ReadAsync(_giveUp.Token).AsTask();
        while (_room != IPacketSink.Gone)
        {
            TappedPackets? block = await next;
            while (block is not null)
            {
                Add(block);
                next = _tap.ReadAsync(_giveUp.Token).AsTask();
                block = next.IsCompletedSuccessfully && _buffer.WrittenCount < CallBytes ? await next : null;
            }
            if (_buffer.WrittenCount == 0)
            {
                return;
            }
            await SendAsync(last: false);
            await WaitForRoomAsync();
        }
    }

    private async Task WaitForRoomAsync()
    {
        while (_room is >= 0 and < CallBytes && !_giveUp.IsCancellationRequested)
        {
            await Task.Delay(s_askForRoomEvery, _clock, _giveUp.Token);
            if (_tap.TakeLosses() is { } losses)
            {
                Add(losses);
            }
            await SendAsync(last: false);
        }
    }

    private void Add(TappedPackets block)
    {
        using (block)
        {
            _buffer.Write(block.Bytes.AsSpan(0, block.Length));
        }
    }

    private Task SendAsync(bool last) => _feed.SendAsync(async (feed, sequence) =>
    {
        try
        {
            _room = await _stream.Sink.TakeAsync(feed, sequence, _buffer.WrittenMemory, last);
            _buffer.ResetWrittenCount();
        }
        catch (Exception e) when (e is not InvalidDataException)
        {
            // The message may still be on its way: its bytes stay as they are.
            ArrayBufferWriter<byte> copy = new(Math.Max(_buffer.WrittenCount, 1));
            copy.Write(_buffer.WrittenSpan);
            _buffer = copy;
            throw;
        }
    });

    [LoggerMessage(4, LogLevel.Information, "Stream {id} opened in this silo: {filter}")]
    private static partial void Opened(ILogger logger, long id, PacketFilter filter);

    [LoggerMessage(5, LogLevel.Information, "Stream {id} ended in this silo; {dropped} packets found no room here")]
    private static partial void Ended(ILogger logger, long id, long dropped);

    [LoggerMessage(2, LogLevel.Warning, "Packets of stream {id} are sent again")]
    private static partial void NotSent(ILogger logger, long id, Exception e);

    [LoggerMessage(3, LogLevel.Error, "Stream {id} ended in this silo")]
    private static partial void Failed(ILogger logger, long id, Exception e);
}
