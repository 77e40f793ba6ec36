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
            (long now, bool isKept) = await backend.Places.ReplaceAsync(document);
            if (!isKept)
            {
                await Answers.ErrorAsync(http, $"version: the places have been changed, they are of version {now} now", StatusCodes.Status409Conflict);
                return;
            }
            string counts = $"{document.Sites.Count} sites, {document.Buildings.Count} buildings, {document.Buildings.Sum(static one => one.Floors.Sum(static floor => floor.Zones.Count))} zones, {document.Sensors.Count} sensors";
            backend.Publish([new(
                $"Places: changed by '{http.Login()?.Name}' to version {now} ({counts})", MessageFlags.Info, (uint)backend.Clock.GetUtcNow().ToUnixTimeSeconds())]);
            await AnswerAsync(http, Answers.Json, System.Text.Encoding.UTF8.GetBytes($$"""{"version": {{now}}}"""));
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

    private static Task AnswerAsync(HttpContext http, string contentType, byte[] bytes)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        return http.Response.Body.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
