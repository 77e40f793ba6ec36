using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Engine.Places;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Server;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Presence;

namespace KismetOrleans.Api.Endpoints;

/// <summary>Where the sensors of presence stand, by today's places, and who was in the place that a request names.</summary>
internal sealed class PresencePlaces
{
    private readonly IBackend _backend;
    private readonly SensorSpots _spots;
    private readonly Dictionary<Guid, PresenceSource> _known = [];
    private readonly PresenceByPlace? _place;

    private PresencePlaces(PlaceChoice? choice, PlacesDocument places, IBackend backend)
    {
        _backend = backend;
        _spots = new(places);
        if (choice is not null)
        {
            choice.Check(places, [.. backend.Sources.All.Select(source => _spots.Of(source.Uuid, source.Definition)).OfType<SensorSpot>()]);
            _place = new(backend.Presence, uuid => SpotOf(uuid) is { } spot ? choice.Has(spot, places) : null);
        }
    }

    /// <summary>Reads what a request says of a place.</summary>
    /// <exception cref="CommandException">There is no such place.</exception>
    public static async Task<PresencePlaces> OfAsync(RecordRequest request, IBackend backend)
    {
        Command command = request.Command;
        PlaceChoice choice = new(Name(command, "site"), Name(command, "building"), FloorOf(command), Name(command, "zone"));
        PlacesDocument places = await backend.Places.ReadAsync(request.Http.RequestAborted);
        return new(choice == new PlaceChoice(null, null, null, null) ? null : choice, places, backend);
    }

    public static IEndpointConventionBuilder Takes(IEndpointConventionBuilder route) => route
        .Takes("site", ValueForm.Text, "name of a site: only who was there, as the sensor says that heard the device best")
        .Takes("building", ValueForm.Text, "name of a building, likewise")
        .Takes("floor", ValueForm.Integer, "number of a floor, likewise")
        .Takes("zone", ValueForm.Text, "name of a zone, likewise");

    /// <summary>Gives the entries that are asked for, of those who were in the place.</summary>
    public Task ReadAsync(PresenceQuery query, Action<PresenceEntry> take, CancellationToken cancellation) =>
        _place is null ? _backend.Presence.ReadAsync(query, take, cancellation) : _place.ReadAsync(query, take, cancellation);

    /// <summary>A source with its name and place.</summary>
    public PresenceSource Describe(Guid uuid)
    {
        if (!_known.TryGetValue(uuid, out PresenceSource? known))
        {
            SensorSpot? spot = SpotOf(uuid);
            _known.Add(uuid, known = new(uuid, _backend.Sources.Find(uuid)?.Name ?? "") { Building = spot?.Building ?? "", Floor = spot?.Floor, Zones = spot?.Zones ?? [] });
        }
        return known;
    }

    private SensorSpot? SpotOf(Guid uuid) => _spots.Of(uuid, _backend.Sources.Find(uuid) is DatasourceRecord source ? source.Definition : "");

    private static string? Name(Command command, string key) => command.Text(key) is { Length: > 0 } name ? name : null;

    private static int? FloorOf(Command command) => command.Real("floor") switch
    {
        null => null,
        >= SourcePlace.LowestFloor and <= SourcePlace.HighestFloor and { } floor when Math.Floor(floor) == floor => (int)floor,
        _ => throw new CommandException($"floor: expected a whole number from {SourcePlace.LowestFloor} to {SourcePlace.HighestFloor}"),
    };
}
