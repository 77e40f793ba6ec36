using KismetOrleans.Api.Http;
using KismetOrleans.Api.Operations;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Server;
using KismetOrleans.Engine.Streams;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace KismetOrleans.Api.Streams;

/// <summary>Answers a request with live packets until the client goes, the stream is closed or the server stops.</summary>
internal sealed class StreamAnswer
{
    public const string ContentType = "application/vnd.tcpdump.pcap";

    private static readonly TimeSpan s_reportEvery = TimeSpan.FromSeconds(1);
    private readonly HttpContext _http;
    private readonly IPacketStream _stream;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _closeWithin;
    private readonly PcapngExport _export;
    private long _bytes;
    private long _reportedAt;
    private long _closedAt;

    private StreamAnswer(HttpContext http, IBackend backend, IPacketStream stream, TimeSpan closeWithin)
    {
        _http = http;
        _stream = stream;
        _clock = backend.Clock;
        _closeWithin = closeWithin;
        _export = new(backend.Sources);
    }

    /// <param name="backend">Where the packets come from.</param>
    /// <param name="fileName">Name that the client may save them under.</param>
    public static async Task SendAsync(HttpContext http, IBackend backend, StreamRequest request, string fileName)
    {
        IServiceProvider services = http.RequestServices;
        CancellationToken stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using IDisposable? place = services.GetRequiredService<OpenStreams>().TryEnter(http);
        await using IPacketStream? stream = place is null ? null : await backend.Streams.OpenAsync(request);
        if (stream is null)
        {
            await Answers.PageAsync(http, StatusCodes.Status429TooManyRequests);
            return;
        }
        using IDisposable open = http.TakesLong(Meters.StreamsOpen, request.Filter.Kind.ToString().ToLowerInvariant());
        http.Response.ContentType = ContentType;
        http.Response.Headers.ContentDisposition = Disposition(fileName);
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // Whoever reads slowly loses packets, not the connection: a paused Wireshark is no attack.
            rate.MinDataRate = null;
        }
        await using CancellationTokenRegistration stop = stopping.UnsafeRegister(
            _ => _ = backend.Streams.CloseAsync(stream.Id).AsTask(), null);
        await new StreamAnswer(http, backend, stream, services.GetRequiredService<StreamOptions>().CloseWithin).RunAsync();
    }

    private async Task RunAsync()
    {
        using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(_http.RequestAborted);
        await using CancellationTokenRegistration closed = _stream.Closed.UnsafeRegister(
            _ =>
            {
                Volatile.Write(ref _closedAt, _clock.GetTimestamp());
                giveUp.CancelAfter(_closeWithin);
            },
            null);
        try
        {
            _export.Begin();
            await FlushAsync(giveUp.Token);
            await CopyAsync(giveUp.Token);
            _export.End();
            await FlushAsync(giveUp.Token);
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            // Nobody reads: gone already, or so slow that the end cannot be written in time. The connection must not seem to end well.
            _http.Abort();
        }
    }

    private async Task CopyAsync(CancellationToken giveUp)
    {
        Task<TappedPackets?>? read = null;
        while (true)
        {
            read ??= _stream.ReadAsync(giveUp).AsTask();
            if (_export.HasUnreportedLosses && !read.IsCompleted)
            {
                TimeSpan due = s_reportEvery - _clock.GetElapsedTime(_reportedAt);
                await Task.WhenAny(read, Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero, _clock, giveUp));
            }
            if (read.IsCompleted || !_export.HasUnreportedLosses)
            {
                using TappedPackets? packets = await read;
                read = null;
                if (packets is null)
                {
                    return;
                }
                Take(packets);
            }
            if (_export.HasUnreportedLosses && (_reportedAt == 0 || _clock.GetElapsedTime(_reportedAt) >= s_reportEvery))
            {
                _reportedAt = _clock.GetTimestamp();
                _export.ReportLosses();
            }
            await FlushAsync(giveUp);
        }
    }

    // What waits when the stream is closed is still sent, but only for half the time: the file's end must fit in, too.
    private void Take(TappedPackets packets)
    {
        long closedAt = Volatile.Read(ref _closedAt);
        if (closedAt != 0 && _clock.GetElapsedTime(closedAt) > _closeWithin / 2)
        {
            _export.Lose(packets);
        }
        else
        {
            _export.Add(packets);
        }
    }

    private async ValueTask FlushAsync(CancellationToken giveUp)
    {
        if (_export.Written.IsEmpty)
        {
            return;
        }
        _bytes += _export.Written.Length;
        await _http.Response.BodyWriter.WriteAsync(_export.Written, giveUp);
        _export.Clear();
        await _stream.CountAsync(_bytes, _export.Packets);
    }

    /// <summary>Header of a file that the client may save.</summary>
    public static string Disposition(string name)
    {
        // Names of sources may hold anything; what a header does not take gets the form of RFC 6266.
        if (name.All(static c => c is > ' ' and < '\x7F' and not ('"' or '\\' or '/')))
        {
            return $"attachment; filename=\"{name}\"";
        }
        ContentDispositionHeaderValue value = new("attachment");
        value.SetHttpFileName(name);
        return value.ToString();
    }
}

/// <summary>Places for the packet streams of this server's clients; of the cluster's there are only so many, too.</summary>
internal sealed class OpenStreams(StreamOptions options) : Places(int.MaxValue, options.MaxOpenEach);
