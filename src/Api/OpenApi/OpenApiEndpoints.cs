using KismetOrleans.Api.Http;
using Microsoft.OpenApi;

namespace KismetOrleans.Api.OpenApi;

/// <summary>The document of the API, for programs and for people.</summary>
internal static class OpenApiEndpoints
{
    public const string Path = "/openapi.json";

    /// <summary>Maps the group of endpoints; after all others.</summary>
    public static void MapOpenApi(this WebApplication app)
    {
        // Routes are all there when the first request comes, and stay as they are.
        Lazy<OpenApiDocument> document = new(() => ApiDocument.Of(((IEndpointRouteBuilder)app).DataSources.SelectMany(static source => source.Endpoints)));
        Lazy<Task<byte[]>> bytes = new(async () =>
        {
            using MemoryStream stream = new();
            await document.Value.SerializeAsJsonAsync(stream, OpenApiSpecVersion.OpenApi3_1);
            return stream.ToArray();
        });
        Lazy<byte[]> page = new(() => System.Text.Encoding.UTF8.GetBytes(ApiPage.Of(document.Value)));
        app.MapGet(Path, async http => await SendAsync(http, await bytes.Value, Answers.Json))
            .AllowAnonymous().GivesJson("This document: the API as OpenAPI 3.1");
        app.MapGet("/api.html", http =>
        {
            http.Response.Headers.ContentSecurityPolicy = ApiPage.Policy;
            return SendAsync(http, page.Value, "text/html; charset=utf-8");
        })
            .AllowAnonymous().GivesText("The same as a page for people", "text/html");
    }

    private static Task SendAsync(HttpContext http, byte[] bytes, string contentType)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
