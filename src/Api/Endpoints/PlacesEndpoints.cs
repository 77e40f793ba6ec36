using System.Globalization;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.Ingest;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Operations;
using KismetOrleans.Engine.Places;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Server;
using Microsoft.Net.Http.Headers;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Sites, buildings, floors and zones: one document, read and replaced as a whole, as JSON or GeoJSON.</summary>
internal static class PlacesEndpoints
{
    private const string GeoJson = "application/geo+json";
    private const string VersionText = "version of the document that is replaced, where the body does not name it; 0 for the first one. Of another one 409";

    public static void MapPlaces(this IEndpointRouteBuilder routes, IBackend backend)
    {
        MemoryBudget budget = routes.ServiceProvider.GetRequiredService<MemoryBudget>();
        Map("/places/all.json", Answers.Json, "as JSON", static document => document.ToBytes(), static bytes => PlacesDocument.Parse(bytes.Span));
        Map("/places/all.geojson", GeoJson, "as GeoJSON (RFC 7946)", PlacesGeoJson.Write, PlacesGeoJson.Parse);

        routes.MapPost("/places/pictures", http => AddPictureAsync(http, backend, budget))
            .NeedsRole(Role.Admin).GivesJson("Takes a picture of a floor, PNG or JPEG of at most 4 MiB: its name, width and height, for the plan of a floor")
            .TakesBody("image/*");
        routes.MapGet("/places/pictures/{picture}", http => SendPictureAsync(http, backend))
            .NeedsRole(Role.ReadOnly).GivesText("A picture of a floor", "image/*");

        void Map(string path, string contentType, string form, Func<PlacesDocument, byte[]> write, Func<ReadOnlyMemory<byte>, PlacesDocument> parse)
        {
            routes.MapGet(path, async http => await AnswerAsync(http, contentType, write(await backend.Places.ReadAsync(http.RequestAborted))))
                .NeedsRole(Role.ReadOnly).GivesJson($"Sites, buildings, floors, zones and placed sensors, {form}", contentType);
            routes.MapPut(path, http => ReplaceAsync(http, backend, budget, parse))
                .NeedsRole(Role.Admin).GivesJson($"Replaces all places, {form}: the new version")
                .TakesBody(contentType)
                .TakesVariable("version", ValueForm.Integer, VersionText);
        }
    }

    private static async Task ReplaceAsync(HttpContext http, IBackend backend, MemoryBudget budget, Func<ReadOnlyMemory<byte>, PlacesDocument> parse)
    {
        try
        {
            PlacesDocument document;
            using (IngestBody body = await IngestBody.ReadAsync(http.Request, PlacesDocument.MaxBytes, budget))
            {
                document = parse(body.Bytes.ToArray());
            }
            if (document.Version == 0 && http.Request.Query["version"].ToString() is { Length: > 0 } text)
            {
                document = document with
                {
                    Version = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : throw new CommandException("version: expected a whole number"),
                };
            }
            PlacesChange change = await backend.Places.ReplaceAsync(document);
            if (change.Missing is { } missing)
            {
                throw new CommandException($"picture: there is no picture '{missing}', or it was of no floor for a day; send it again");
            }
            if (!change.IsKept)
            {
                await Answers.ErrorAsync(http, $"version: the places have been changed, they are of version {change.Version} now", StatusCodes.Status409Conflict);
                return;
            }
            string counts = $"{document.Sites.Count} sites, {document.Buildings.Count} buildings, {document.Buildings.Sum(static one => one.Floors.Sum(static floor => floor.Zones.Count))} zones, {document.Sensors.Count} sensors";
            backend.Publish([new(
                $"Places: changed by '{http.Login()?.Name}' to version {change.Version} ({counts})", MessageFlags.Info, (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds())]);
            await AnswerAsync(http, Answers.Json, System.Text.Encoding.UTF8.GetBytes($$"""{"version": {{change.Version}}}"""));
        }
        catch (CommandException e)
        {
            await Answers.BadRequestAsync(http, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await Answers.PageAsync(http, e.StatusCode);
        }
    }

    private static async Task AddPictureAsync(HttpContext http, IBackend backend, MemoryBudget budget)
    {
        try
        {
            byte[] bytes;
            using (IngestBody body = await IngestBody.ReadAsync(http.Request, PlanPicture.MaxBytes, budget))
            {
                bytes = body.Bytes.ToArray();
            }
            PlanPicture picture = PlanPicture.Of(bytes, out string? error) ?? throw new CommandException($"body: {error}");
            if (await backend.Places.AddPictureAsync(picture, bytes) is { } refused)
            {
                throw new CommandException($"body: {refused}");
            }
            await AnswerAsync(http, Answers.Json, System.Text.Encoding.UTF8.GetBytes($$"""{"picture": "{{picture.Id}}", "width": {{picture.Width}}, "height": {{picture.Height}}}"""));
        }
        catch (CommandException e)
        {
            await Answers.BadRequestAsync(http, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            await Answers.PageAsync(http, e.StatusCode);
        }
    }

    private static async Task SendPictureAsync(HttpContext http, IBackend backend)
    {
        string id = http.Request.RouteValues["picture"] as string ?? "";
        // Those of floors alone: any other name would cost a grain and a question to the database.
        byte[]? bytes = (await backend.Places.ReadAsync(http.RequestAborted)).Pictures.Contains(id) ? await backend.Places.PictureAsync(id, http.RequestAborted) : null;
        if (bytes is null || PlanPicture.Of(bytes, out _) is not { } picture)
        {
            await Answers.PageAsync(http, StatusCodes.Status404NotFound);
            return;
        }
        IHeaderDictionary headers = http.Response.Headers;
        // A name is of these bytes alone.
        headers.CacheControl = "private, max-age=31536000, immutable";
        headers.Remove(HeaderNames.Pragma);
        headers.Remove(HeaderNames.Expires);
        headers.Remove(HeaderNames.LastModified);
        headers.ETag = $"\"{id}\"";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'self'; sandbox";
        if (http.Request.Headers.IfNoneMatch == headers.ETag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        await AnswerAsync(http, picture.ContentType, bytes);
    }

    private static Task AnswerAsync(HttpContext http, string contentType, byte[] bytes)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
