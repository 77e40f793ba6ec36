using System.Text.Json;

namespace KismetOrleans.Silo.Operations;

/// <summary>Health, for probes and load balancers. No key, no cache; nothing in it but names of what is not ready.</summary>
public static class HealthEndpoints
{
    internal const string LivePath = "/healthz/live";

    /// <summary>The server can answer queries.</summary>
    internal const string ReadyPath = "/healthz/ready";

    // Some load balancers probe with HEAD.
    private static readonly string[] s_methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps both.</summary>
    /// <returns>The two endpoints, for what a host adds to them.</returns>
    public static (IEndpointConventionBuilder Live, IEndpointConventionBuilder Ready) MapHealth(this WebApplication app)
    {
        Readiness readiness = app.Services.GetRequiredService<Readiness>();
        // A probe every few seconds would be most of a quiet server's request times.
        return (
            app.MapMethods(LivePath, s_methods, static http => AnswerAsync(http, StatusCodes.Status200OK, "{\"live\":true}\n"u8.ToArray())).DisableHttpMetrics(),
            app.MapMethods(ReadyPath, s_methods, http => ReadyAsync(http, readiness)).DisableHttpMetrics());
    }

    private static async Task ReadyAsync(HttpContext http, Readiness readiness)
    {
        IReadOnlyList<NotReady> missing = await readiness.AskAsync();
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            json.WriteBoolean("ready", missing.Count == 0);
            if (missing.Count > 0)
            {
                json.WriteStartObject("not_ready");
                foreach (NotReady one in missing)
                {
                    json.WriteString(one.Name, one.Reason);
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        body.WriteByte((byte)'\n');
        await AnswerAsync(http, missing.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, body.ToArray());
    }

    private static async Task AnswerAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
