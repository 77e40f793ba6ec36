using System.Buffers;
using System.Globalization;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Http;

/// <summary>Answers in the forms that Kismet's clients expect.</summary>
internal static class Answers
{
    /// <summary>Content type of all record formats.</summary>
    public const string Json = "application/json";

    public static Task RecordAsync<T>(HttpContext http, RecordTable<T> table, T record, RecordFormat format, FieldSelection? fields = null)
    {
        using JsonOut body = NewBody(http);
        ObjectWriter.Write(body, table, record, format, fields);
        return SendAsync(http, body);
    }

    public static Task ListAsync<T>(HttpContext http, RecordTable<T> table, IEnumerable<T> records, RecordFormat format, FieldSelection? fields = null)
    {
        using JsonOut body = NewBody(http);
        ListWriter.Write(body, table, records, format, fields);
        return SendAsync(http, body);
    }

    public static Task SendAsync(HttpContext http, JsonOut body, string contentType = Json)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        http.Response.BodyWriter.Write(body.Written.Span);
        return http.Response.BodyWriter.FlushAsync(http.RequestAborted).AsTask();
    }

    /// <summary>Says when to ask again.</summary>
    public static void RetryAfter(HttpResponse response, TimeSpan wait) => response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    /// <summary>The answer of data queries to what is not there: 500 with a line of text, which stock clients test for.</summary>
    public static Task ErrorAsync(HttpContext http, string message, int status = StatusCodes.Status500InternalServerError) =>
        TextAsync(http, status, $"ERROR: {message}\n");

    /// <summary>A refusal of something malformed.</summary>
    public static Task BadRequestAsync(HttpContext http, string message) =>
        TextAsync(http, StatusCodes.Status400BadRequest, $"Invalid request: {message}\n");

    /// <summary>The answer of a command that is done and has nothing to show: a text, without a line's end.</summary>
    public static Task DoneAsync(HttpContext http, string text) => TextAsync(http, StatusCodes.Status200OK, text);

    /// <summary>The page for what does not exist or is not allowed.</summary>
    public static Task PageAsync(HttpContext http, int status)
    {
        string path = EncodePath(http.Request.Path.Value ?? "");
        string title = status switch
        {
            400 => "400 Bad Request",
            401 => "401 Permission denied",
            403 => "403 Forbidden",
            404 => "404 Not Found",
            405 => "405 Method Not Allowed",
            413 => "413 Payload Too Large",
            429 => "429 Too Many Requests",
            500 => "500 Internal Server Error",
            _ => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync(
            $"<html><head><title>{title}</title></head><body><h1>{title}</h1><p><code>{path}</code></p></body></html>", http.RequestAborted);
    }

    public static JsonOut NewBody(HttpContext http)
    {
        IBackend backend = http.RequestServices.GetRequiredService<IBackend>();
        return new()
        {
            Context = new()
            {
                Now = (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds(),
                ServerUuid = backend.ServerUuid,
                Sources = backend.Sources,
            },
        };
    }

    private static Task TextAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = Json;
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    private static string EncodePath(string path) => System.Net.WebUtility.HtmlEncode(path).Replace("/", "&#x2F;", StringComparison.Ordinal);
}
