using System.Text;
using System.Text.Json;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Fields;
using Microsoft.Extensions.Primitives;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Scanning mode: phones and ESP32s post lists of what they saw.</summary>
internal static partial class ScanEndpoints
{
    /// <summary>Bytes of a list, after decompression. A hundred thousand reports fit.</summary>
    public const int MaxBodyBytes = 10 * 1024 * 1024;

    // A full queue is a matter of a moment.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(1);
    private static readonly byte[] s_accepted = [.. "{\"status\": \"Scan report accepted\", \"success\": true}\n"u8];
    private static readonly string[] s_post = ["POST"];

    public static void MapScans(this IEndpointRouteBuilder routes, IBackend backend)
    {
        IServiceProvider services = routes.ServiceProvider;
        Scans scans = new(
            services.GetRequiredService<ScanIntake>(), backend.Sources, services.GetRequiredService<IngestKeys>(), backend.Clock, new(), services.GetRequiredService<MemoryBudget>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger("Scans"));
        // Any suffix, as in Kismet; .cmd is the documented one.
        Map("/phy/phy80211/scan/scan_report.{suffix}", VirtualKind.WiFi);
        Map("/phy/phybluetooth/scan/scan_report.{suffix}", VirtualKind.Bluetooth);

        void Map(string path, VirtualKind kind) => routes.MapMethods(path, s_post, (RequestDelegate)(http => ReportAsync(http, kind, scans)))
            .NeedsRole(Role.ScanReport).AllowAnonymous()
            .GivesJson("Takes a scan report")
            .Takes("reports", ValueForm.List, "what was seen", required: true)
            .Takes("source_uuid", ValueForm.Uuid, "UUID of the reporting device", required: true)
            .Takes("source_name", ValueForm.Text, "its name")
            .Takes("report_id", ValueForm.Text, "what the device calls this post: by the same it is known when it is posted again");
    }

    private static async Task ReportAsync(HttpContext http, VirtualKind kind, Scans scans)
    {
        IngestAdmission admission = await scans.Keys.AdmitAsync(http, Role.ScanReport);
        if (admission.Status != StatusCodes.Status200OK)
        {
            admission.Explain(http.Response);
            Meters.Throttled.Add(admission.Key is null || admission.RetryAfter is null ? 0 : 1);
            await RefuseAsync(http, admission.Status, admission.Reason("reports"));
            return;
        }
        ScanPost? post = null;
        try
        {
            post = await ReadAsync(http, kind, admission.Key!, scans);
            post.Owner = admission.Key!.Owner;
            post.Caller = $"{admission.Key.Name} {Callers.NetworkOf(http.Connection.RemoteIpAddress)}";
            DatasourceRecord? known = scans.Sources.Find(post.Source);
            await (admission.Key!.Refusal(post.Source, known) is { } refusal ? RefuseAsync(http, StatusCodes.Status403Forbidden, $"source_uuid: {refusal}")
                : known is not null && known.Driver != SourceDrivers.Virtual
                    ? RefuseAsync(http, StatusCodes.Status403Forbidden, "source_uuid: is that of a sensor or an interface")
                : known is null && post.Count > 0 && admission.Key.TakeSource() is { } wait
                    ? RefuseAsync(http, StatusCodes.Status429TooManyRequests, $"source_uuid: too many new sources of {admission.Key.Name} in an hour", wait)
                : SubmitAsync(http, post, scans));
        }
        catch (ScanFormatException e)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(http, e.StatusCode, e.Message);
        }
        if (post is not null)
        {
            scans.Posts.Return(post);
        }
    }

    // Its room is taken when the body is there: who sends slowly holds none.
    private static async ValueTask<ScanPost> ReadAsync(HttpContext http, VirtualKind kind, IngestKey key, Scans scans)
    {
        using IngestBody body = await IngestBody.ReadAsync(http.Request, MaxBodyBytes, scans.Bodies);
        int bytes = body.Length;
        ScanPost post = scans.Posts.Take(kind, scans.Clock);
        if (MultipartForm.BoundaryOf(http.Request.ContentType) is { } boundary && body.Bytes.TrimStart(" \t\r\n"u8).StartsWith("--"u8))
        {
            Parse(await JsonOfAsync(body, boundary), post);
        }
        else
        {
            Parse(body.Bytes, post);
        }
        key.Charge(post.Count, bytes);
        return post;
    }

    private static async Task<byte[]> JsonOfAsync(IngestBody body, string boundary)
    {
        try
        {
            Dictionary<string, StringValues> form = await MultipartForm.ReadAsync(new MemoryStream(body.Bytes.ToArray()), boundary);
            return Encoding.UTF8.GetBytes(form.GetValueOrDefault("json").ToString());
        }
        catch (InvalidDataException e)
        {
            throw new ScanFormatException(e.Message);
        }
    }

    private static void Parse(Span<byte> body, ScanPost post)
    {
        ReadOnlySpan<byte> json = FormJson.Find(body, out bool mayGoOn);
        ReadOnlySpan<byte> rest = json[ScanParser.Parse(json, post)..].Trim(" \t\r\n"u8);
        if (!rest.IsEmpty && !(mayGoOn && rest[0] == '&'))
        {
            throw new ScanFormatException("json: something follows the dictionary");
        }
    }

    private static async Task SubmitAsync(HttpContext http, ScanPost post, Scans scans)
    {
        try
        {
            if (await scans.Intake.PostAsync(post))
            {
                http.Response.ContentType = Answers.Json;
                http.Response.ContentLength = s_accepted.Length;
                await http.Response.BodyWriter.WriteAsync(s_accepted, http.RequestAborted);
                return;
            }
        }
        catch (NoSourceNumberException e)
        {
            await RefuseAsync(http, StatusCodes.Status429TooManyRequests, $"source_uuid: {e.Message}", NoSourceNumberException.RetryAfter);
            return;
        }
        catch (Exception e) when (e is not OperationCanceledException && !http.Response.HasStarted)
        {
            // Whatever keeps the backend from taking it, the client has it still, and may not lose it.
            NotTaken(scans.Logger, e);
        }
        await RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "not taken, send it again");
    }

    private static Task RefuseAsync(HttpContext http, int status, string message, TimeSpan? wait = null)
    {
        wait ??= status == StatusCodes.Status503ServiceUnavailable ? s_soon : null;
        if (wait is { } time)
        {
            Answers.RetryAfter(http.Response, time);
        }
        http.Response.StatusCode = status;
        http.Response.ContentType = Answers.Json;
        return http.Response.WriteAsync($"{{\"status\": \"{JsonEncodedText.Encode(message)}\", \"success\": false}}\n", http.RequestAborted);
    }

    [LoggerMessage(1, LogLevel.Warning, "Scan reports could not be taken")]
    private static partial void NotTaken(ILogger logger, Exception e);

    private sealed record Scans(ScanIntake Intake, ISourceRegistry Sources, IngestKeys Keys, TimeProvider Clock, ScanPostPool Posts, MemoryBudget Bodies, ILogger Logger);
}
