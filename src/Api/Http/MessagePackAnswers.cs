using System.Buffers;
using System.Text;
using MessagePack;
using Microsoft.AspNetCore.Http.Features;

namespace KismetOrleans.Api.Http;

/// <summary>
/// Answers of every record as MessagePack (<c>.msgpack</c>): what <c>.json</c> answers, written in the other form. It has the sizes of lists and objects in front of them, so an answer is made whole before it is
/// sent, and has a bound; one that is longer is asked for in windows, or with fewer fields.
/// </summary>
internal static class MessagePackAnswers
{
    /// <summary>The format's name in paths.</summary>
    public const string Suffix = ".msgpack";

    private const string ContentType = "application/msgpack";

    // Some 5,000 whole devices. Each answer takes about six times as much while it is made.
    private const int MaxJsonBytes = 16 << 20;
    private const int MaxAtOnce = 4;
    private static readonly SemaphoreSlim s_making = new(MaxAtOnce);

    /// <summary>Adds the middleware; paths are looked at before routes are.</summary>
    public static void UseMessagePack(this IApplicationBuilder app) => app.UseWhen(
        static http => http.Request.Path.Value is { } path && path.EndsWith(Suffix, StringComparison.Ordinal),
        static formed => formed.Use(AnswerAsync));

    private static async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        http.Request.Path = http.Request.Path.Value![..^Suffix.Length] + ".json";
        IHttpResponseBodyFeature client = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        ReadOnlyMemory<byte> answer;
        await s_making.WaitAsync(http.RequestAborted);
        try
        {
            using BoundedStream json = new(MaxJsonBytes);
            StreamResponseBodyFeature body = new(json);
            http.Features.Set<IHttpResponseBodyFeature>(body);
            try
            {
                await next(http);
                await body.CompleteAsync();
            }
            finally
            {
                http.Features.Set(client);
            }
            answer = Formed(http.Response, json);
        }
        finally
        {
            _ = s_making.Release();
        }
        http.Response.ContentLength = answer.Length;
        await client.Writer.WriteAsync(answer, http.RequestAborted);
    }

    // What is no record, as an error and its reason, stays what it is.
    private static ReadOnlyMemory<byte> Formed(HttpResponse response, BoundedStream json)
    {
        if (response.StatusCode != StatusCodes.Status200OK || response.ContentType?.StartsWith(Answers.Json, StringComparison.OrdinalIgnoreCase) is not true)
        {
            return json.ToArray();
        }
        if (json.IsExceeded)
        {
            response.StatusCode = StatusCodes.Status500InternalServerError;
            return Encoding.UTF8.GetBytes($"ERROR: more than {MaxJsonBytes >> 20} MB; ask for a window of the list, or for fewer fields\n");
        }
        ArrayBufferWriter<byte> buffer = new((int)json.Length);
        MessagePackWriter writer = new(buffer);
        using StreamReader text = new(new MemoryStream(json.GetBuffer(), 0, (int)json.Length));
        MessagePackSerializer.ConvertFromJson(text, ref writer);
        writer.Flush();
        response.ContentType = ContentType;
        return buffer.WrittenMemory;
    }

    // Who writes more than fits notices nothing: he is asked for the whole, and stops when he has given it.
    private sealed class BoundedStream(int most) : MemoryStream
    {
        public bool IsExceeded { get; private set; }

        // All ways to write lead here.
        public override void Write(byte[] buffer, int offset, int count)
        {
            IsExceeded |= count > most - Length;
            if (!IsExceeded)
            {
                base.Write(buffer, offset, count);
            }
        }
    }
}
