using System.Globalization;
using System.Text.Json;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Events;
using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Gps;
using KismetOrleans.Engine.Server;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Api.Endpoints;

/// <summary>GPS: where the server is, what tells it, and positions that clients post.</summary>
internal static class GpsEndpoints
{
    // Faster than anything that carries a browser, aeroplanes among them.
    private const double MaxSpeed = 5000;
    private const double MaxAltitude = 1_000_000;
    private const int MaxDefinition = 1024;

    public static void MapGps(this IEndpointRouteBuilder routes, IBackend backend)
    {
        IGps gps = backend.Gps;
        routes.MapRecords("/gps/drivers", r => Answers.ListAsync(r.Http, GpsDriverTable.Table, gps.Drivers, r.Format, r.Fields))
            .GivesList(GpsDriverTable.Table, "Kinds of GPS");
        routes.MapRecords("/gps/all_gps", async r => await Answers.ListAsync(r.Http, GpsTable.Table, await gps.ListAsync(r.Http.RequestAborted), r.Format, r.Fields))
            .GivesList(GpsTable.Table, "All GPS");
        routes.MapRecords("/gps/location", async r => await LocationAsync(r, GpsChoice.Best(await gps.ListAsync(r.Http.RequestAborted))))
            .Gives(GeoPointTable.Table, "The best position");
        routes.MapRecords("/gps/by-uuid/{uuid}/location", r => ByUuidAsync(r, gps))
            .Gives(GeoPointTable.Table, "The position of one GPS");
        routes.MapRecords("/gps/all_locations", r => AllLocationsAsync(r, gps))
            .GivesMap(GeoPointTable.Table, "Positions by UUID");
        routes.MapCommandPost("/gps/add_gps", r => AddAsync(r, gps))
            .Gives(GpsTable.Table, "Adds a GPS")
            .Takes("definition", ValueForm.Text, "as in the settings", required: true);
        routes.MapCommand("/gps/by-uuid/{uuid}/remove_gps", r => RemoveAsync(r, gps))
            .GivesText("Removes a GPS");
        routes.MapRecordsPost("/gps/web/update", r => UpdateAsync(r, gps, "web", null), Role.WebGps)
            .GivesText("Posts a position")
            .Takes("lat", ValueForm.Number, "degrees", required: true)
            .Takes("lon", ValueForm.Number, "degrees", required: true)
            .Takes("alt", ValueForm.Number, "metres")
            .Takes("spd", ValueForm.Number, "km/h");
        routes.MapRecordsPost("/gps/meta/{name}/update", r => UpdateAsync(r, gps, "meta", r.Route("name")), Role.WebGps)
            .GivesText("Posts a position of a meta GPS")
            .Takes("lat", ValueForm.Number, "degrees", required: true)
            .Takes("lon", ValueForm.Number, "degrees", required: true)
            .Takes("alt", ValueForm.Number, "metres")
            .Takes("spd", ValueForm.Number, "km/h");
        routes.MapSocket("/gps/web/update.ws", "gps", (http, socket) => PositionSocket.RunAsync(socket, gps, "web", null), Role.WebGps)
            .GivesSocket("Posts positions, each answered");
        routes.MapSocket(
            "/gps/meta/{name}/update.ws", "gps", (http, socket) => PositionSocket.RunAsync(socket, gps, "meta", http.Request.RouteValues["name"]?.ToString()), Role.WebGps)
            .GivesSocket("Posts positions of a meta GPS, each answered");
    }

    private static Task LocationAsync(RecordRequest request, GeoPoint? point) =>
        Answers.RecordAsync(request.Http, GeoPointTable.WithMotion, point ?? GeoPoint.Unknown, request.Format, request.Fields);

    private static async Task ByUuidAsync(RecordRequest request, IGps gps)
    {
        if (!Guid.TryParse(request.Route("uuid"), out Guid uuid))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        GpsRecord? found = (await gps.ListAsync(request.Http.RequestAborted)).FirstOrDefault(record => record.Uuid == uuid);
        await (found is null ? Answers.ErrorAsync(request.Http, "no such gps") : LocationAsync(request, found.Location));
    }

    private static async Task AllLocationsAsync(RecordRequest request, IGps gps)
    {
        IReadOnlyList<GpsRecord> all = await gps.ListAsync(request.Http.RequestAborted);
        RecordWriter<GeoPoint> writer = GeoPointTable.WithMotion.Writer(request.Format, request.Fields);
        using JsonOut body = Answers.NewBody(request.Http);
        body.Raw("{"u8);
        for (int i = 0; i < all.Count; i++)
        {
            body.Raw(i > 0 ? ","u8 : ""u8);
            body.String(all[i].Uuid.ToString().ToUpperInvariant());
            body.Raw(": "u8);
            writer.Write(all[i].Location, body, 1);
        }
        body.Raw("}"u8);
        await Answers.SendAsync(request.Http, body);
    }

    private static async Task AddAsync(RecordRequest request, IGps gps)
    {
        JsonElement value = request.Command["definition"];
        if (value.ValueKind != JsonValueKind.String)
        {
            await Answers.ErrorAsync(request.Http, "definition: expected a string");
            return;
        }
        string definition = value.GetString()!;
        try
        {
            GpsRecord added = definition.Length <= MaxDefinition
                ? await gps.AddAsync(definition)
                : throw new CommandException($"definition: longer than {MaxDefinition} characters");
            await Answers.RecordAsync(request.Http, GpsTable.Table, added, request.Format, request.Fields);
        }
        catch (GpsException e)
        {
            await Answers.ErrorAsync(request.Http, e.Message);
        }
    }

    private static async Task RemoveAsync(RecordRequest request, IGps gps)
    {
        if (!Guid.TryParse(request.Route("uuid"), out Guid uuid))
        {
            await Answers.ErrorAsync(request.Http, "unable to parse string value");
            return;
        }
        await (await gps.RemoveAsync(uuid) ? Answers.DoneAsync(request.Http, "GPS removed") : Answers.ErrorAsync(request.Http, "no such gps"));
    }

    private static async Task UpdateAsync(RecordRequest request, IGps gps, string kind, string? name)
    {
        if (!TryRead(request.Command.Json, out GeoPoint? point, out string? error))
        {
            await Answers.ErrorAsync(request.Http, error!);
            return;
        }
        await (await gps.PostAsync(kind, name, point!)
            ? Answers.DoneAsync(request.Http, "Updated")
            : Answers.ErrorAsync(request.Http, name is null ? $"no {kind} GPS is configured" : $"no {kind} GPS is called '{name}'"));
    }

    /// <summary>Reads a position as browsers post it: <c>lat</c>, <c>lon</c>, <c>alt</c> (metres), <c>spd</c> (km/h).</summary>
    /// <returns>False where a part is missing or no number, which Kismet answers with 500.</returns>
    /// <exception cref="CommandException">A number is out of its bounds.</exception>
    internal static bool TryRead(JsonElement json, out GeoPoint? point, out string? error)
    {
        point = null;
        if (!TryNumber(json, "lat", -90, 90, out double? latitude, out error) || !TryNumber(json, "lon", -180, 180, out double? longitude, out error)
            || !TryNumber(json, "alt", -MaxAltitude, MaxAltitude, out double? altitude, out error) || !TryNumber(json, "spd", 0, MaxSpeed, out double? speed, out error))
        {
            return false;
        }
        if (latitude is null || longitude is null)
        {
            error = "lat, lon: expected numbers";
            return false;
        }
        point = new()
        {
            Latitude = latitude.Value,
            Longitude = longitude.Value,
            Altitude = (float)(altitude ?? 0),
            Speed = (float)(speed ?? 0),
            Fix = altitude is null ? (byte)2 : (byte)3,
        };
        return true;
    }

    private static bool TryNumber(JsonElement json, string key, double least, double most, out double? number, out string? error)
    {
        (number, error) = (null, null);
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }
        // Values of a page's fields are texts.
        string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed))
        {
            error = $"{key}: expected a number";
            return false;
        }
        number = parsed >= least && parsed <= most
            ? parsed
            : throw new CommandException(FormattableString.Invariant($"{key}: expected a number from {least} to {most}"));
        return true;
    }
}
