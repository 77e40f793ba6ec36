using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Api.Operations;
using KismetOrleans.Api.Sensors;
using KismetOrleans.Api.Sensors.RemoteCapture;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Reports;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Lines of rtl_433's JSON, or of rtl_adsb's messages, as a post that may go on for days: a source of its own while it does.</summary>
internal static class ReportLinesEndpoints
{
    private const int MaxName = 128;

    // A radio may hear nothing for long; a sensor that is gone says nothing for ever.
    private static readonly TimeSpan s_silence = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);
    private static readonly string[] s_methods = ["POST", "PUT"];

    public static void MapReportLines(this IEndpointRouteBuilder routes)
    {
        IServiceProvider services = routes.ServiceProvider;
        Feeds feeds = new(
            services.GetRequiredService<SensorAdmission>(), services.GetRequiredService<RemoteCaptureHost>(), services.GetRequiredService<IHostApplicationLifetime>());
        Map("/datasource/remote/rtl_433.cmd", new("rtl_433", "rtl433", ReportKind.Rtl433, "no JSON of rtl_433 that tells of a device"), "rtl_433 -F json");
        Map("/datasource/remote/rtl_adsb.cmd", new("rtl_adsb", "rtladsb", ReportKind.Adsb, "no message of an aircraft, as *8D…;"), "rtl_adsb, dump1090 --raw");

        void Map(string path, Lines lines, string programs) => routes.MapMethods(path, s_methods, (RequestDelegate)(http => TakeAsync(http, feeds, lines)))
            .NeedsRole(Role.Datasource).AllowAnonymous()
            .GivesJson($"Takes the lines of {programs}, as they come or all at once; answers when they end and are saved")
            .TakesVariable("name", ValueForm.Text, $"name of the source, {lines.Name} without")
            .TakesVariable("uuid", ValueForm.Uuid, "UUID of the source, of its name without");
    }

    private static async Task TakeAsync(HttpContext http, Feeds feeds, Lines lines)
    {
        using AdmittedSensor? admitted = await feeds.Admission.AdmitAsync(http, "reports", refusal => AnswerAsync(http, refusal.Status, refusal.Reason));
        if (admitted is null)
        {
            return;
        }
        string name = http.Request.Query["name"].ToString() is { Length: > 0 } given ? PlainText.Of(given) : lines.Name;
        string text = http.Request.Query["uuid"].ToString();
        Guid uuid = UuidOf(lines, name);
        if (name.Length > MaxName || (text.Length > 0 && (!Guid.TryParseExact(text, "D", out uuid) || uuid == Guid.Empty)))
        {
            await AnswerAsync(http, StatusCodes.Status400BadRequest, name.Length > MaxName ? $"name: longer than {MaxName} characters" : "uuid: expected a UUID, 8-4-4-4-12 hexadecimal digits");
            return;
        }
        if (!string.IsNullOrEmpty(http.Request.Headers.ContentEncoding))
        {
            await AnswerAsync(http, StatusCodes.Status415UnsupportedMediaType, "Content-Encoding: lines that come one by one are not packed");
            return;
        }
        if (feeds.Admission.Refusal(admitted.Key, uuid) is { } refused)
        {
            if (refused.RetryAfter is { } wait)
            {
                Answers.RetryAfter(http.Response, wait);
            }
            await AnswerAsync(http, refused.Status, $"uuid: {refused.Reason}");
            return;
        }
        using IDisposable open = http.TakesLong(Meters.SensorsConnected, "reports");
        await FeedAsync(http, feeds, lines, admitted.Key, uuid, name);
    }

    // The same for the same name at each start: "RTL4", and what is its own.
    private static Guid UuidOf(Lines lines, string name) => new($"52544C34-0000-0000-0000-0000{DeviceKey.Adler32($"{lines.Driver}:{name}"):X8}");

    private static async Task FeedAsync(HttpContext http, Feeds feeds, Lines lines, IngestKey key, Guid uuid, string name)
    {
        using FedSource source = new(feeds.Host, new()
        {
            Uuid = uuid,
            Name = name,
            Driver = lines.Driver,
            Interface = name,
            Definition = $"{name}:type={lines.Driver}",
            Address = http.RemoteAddress(),
            Owner = key.Owner,
        });
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(feeds.Lifetime.ApplicationStopping);
        Task running = source.RunAsync(static () => true, over.Token);
        int status = StatusCodes.Status200OK;
        string? error = null;
        bool isGone = false;
        Counts counts = new();
        try
        {
            await source.Opened;
            await ReadAsync(http, feeds, lines, key, source, counts, running, over.Token);
            await SavedAsync(source, running, feeds.Host.Clock, over.Token);
            (status, error) = source.IsSuperseded ? (StatusCodes.Status409Conflict, "a newer post of this source took over")
                : counts.Reports == 0 && counts.Unread > 0 ? (StatusCodes.Status400BadRequest, $"line {counts.FirstUnread}: {lines.None}")
                : !source.IsSaved ? (StatusCodes.Status503ServiceUnavailable, "not saved yet")
                : (StatusCodes.Status200OK, null);
        }
        catch (Exception e) when (e is ConnectionResetException || http.RequestAborted.IsCancellationRequested)
        {
            // Gone; what it has said is handed on below.
            isGone = true;
        }
        catch (Exception e) when (KismetHeaders.StatusOfBody(e) is { } bad)
        {
            (status, error) = (bad, "the body is not what HTTP says of it; the lines before were taken");
        }
        catch (Exception)
        {
            // Said by the source itself.
            (status, error) = (StatusCodes.Status503ServiceUnavailable, "not taken, send it again");
        }
        finally
        {
            await over.CancelAsync();
            await running;
        }
        if (!isGone)
        {
            await AnswerAsync(http, status, error ?? "Reports accepted", counts);
        }
    }

    private static async Task ReadAsync(HttpContext http, Feeds feeds, Lines lines, IngestKey key, FedSource source, Counts counts, Task running, CancellationToken cancellation)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
        PipeReader body = http.Request.BodyReader;
        bool skips = false;
        while (!running.IsCompleted)
        {
            using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation, http.RequestAborted);
            silence.CancelAfter(s_silence);
            ReadResult read;
            try
            {
                read = await body.ReadAsync(silence.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
            {
                return;
            }
            ReadOnlySequence<byte> rest = read.Buffer;
            while (TryLine(ref rest, read.IsCompleted, out ReadOnlySequence<byte> line))
            {
                counts.Lines++;
                if (skips)
                {
                    // The end of one that was too long.
                    skips = false;
                    continue;
                }
                while (!Take(line, feeds, lines, source, counts) && !running.IsCompleted)
                {
                    // Tending makes room; meanwhile TCP holds the sensor back.
                    await Task.Delay(s_pause, feeds.Host.Clock, cancellation);
                }
                key.Charge(1, line.Length);
            }
            if (rest.Length > JsonReport.MaxJson)
            {
                counts.Note(counts.Lines + 1);
                skips = true;
                rest = rest.Slice(rest.End);
            }
            body.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                return;
            }
            if (key.Wait() is { } wait)
            {
                await Task.Delay(wait, feeds.Host.Clock, cancellation);
            }
        }
    }

    private static bool TryLine(ref ReadOnlySequence<byte> rest, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            return true;
        }
        line = rest;
        rest = isLast ? rest.Slice(rest.End) : rest;
        return isLast && !line.IsEmpty;
    }

    // False where there is no room.
    private static bool Take(ReadOnlySequence<byte> line, Feeds feeds, Lines lines, FedSource source, Counts counts)
    {
        Span<byte> room = stackalloc byte[JsonReport.MaxJson];
        if (line.Length > room.Length)
        {
            counts.Note(counts.Lines);
            return true;
        }
        line.CopyTo(room);
        ReadOnlySpan<byte> json = room[..(int)line.Length].Trim(" \t\r"u8);
        if (json.IsEmpty)
        {
            return true;
        }
        if (json[0] == '*')
        {
            // As Kismet's own program has it.
            byte[] wrapped = [.. "{\"adsb\":\""u8, .. json[..Math.Min(json.Length, 64)], .. "\"}"u8];
            json = wrapped;
            line = new(wrapped);
        }
        if (!JsonReport.IsOne(lines.Kind, json))
        {
            counts.Note(counts.Lines);
            return true;
        }
        RemotePacket packet = new() { Report = lines.Kind, Json = line };
        if (!source.TryTake(packet, feeds.Host.Clock.NowNs()))
        {
            return false;
        }
        counts.Reports++;
        return true;
    }

    private static async Task SavedAsync(FedSource source, Task running, TimeProvider clock, CancellationToken cancellation)
    {
        long since = clock.GetTimestamp();
        while (!source.IsSaved && !running.IsCompleted && clock.GetElapsedTime(since) < s_timeout)
        {
            await Task.Delay(s_pause, clock, cancellation);
        }
    }

    private static Task AnswerAsync(HttpContext http, int status, string text, Counts? counts = null)
    {
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            Answers.RetryAfter(http.Response, TimeSpan.FromSeconds(1));
        }
        http.Response.StatusCode = status;
        http.Response.ContentType = Answers.Json;
        string counted = counts is null ? "" : string.Create(CultureInfo.InvariantCulture, $"\"reports\": {counts.Reports}, \"unread\": {counts.Unread}, ");
        return http.Response.WriteAsync(
            $"{{\"status\": \"{System.Text.Json.JsonEncodedText.Encode(text)}\", {counted}\"success\": {(status == StatusCodes.Status200OK ? "true" : "false")}}}\n", http.RequestAborted);
    }

    private sealed class Counts
    {
        public long Lines;
        public long Reports;
        public long Unread;
        public long FirstUnread;

        public void Note(long line)
        {
            Unread++;
            FirstUnread = FirstUnread == 0 ? line : FirstUnread;
            Meters.ReportsUnread.Add(1);
        }
    }

    private sealed record Lines(string Name, string Driver, ReportKind Kind, string None);

    private sealed record Feeds(SensorAdmission Admission, RemoteCaptureHost Host, IHostApplicationLifetime Lifetime);
}
