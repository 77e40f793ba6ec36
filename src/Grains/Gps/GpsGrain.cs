using KismetOrleans.Engine.Gps;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Packets.Gps;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;
using Orleans.Concurrency;

namespace KismetOrleans.Grains.Gps;

/// <summary>
/// The cluster's GPS. Whichever silo carries it reads the receivers: those that all silos have in their settings, and those that a command added,
/// which are kept in grain storage. Reentrant, since adding one waits for its first answer.
/// </summary>
[Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
public sealed partial class GpsGrain(
    [PersistentState("gps")] IPersistentState<StoredLines> kept, GpsPlaces places, TimeProvider clock, ILogger<GpsGrain> logger) : Grain, IGpsGrain
{
    private readonly GpsTracker _gps = new(clock);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (string definition in places.Definitions.Concat(kept.State.Lines))
        {
            try
            {
                _ = _gps.Add(GpsDefinition.Parse(definition));
            }
            catch (GpsException e)
            {
                // One that was added may stand in the settings by now.
                NotAdded(logger, e.Message);
            }
        }
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await _gps.DisposeAsync();

    public ValueTask<GeoPoint?> CurrentAsync() => new(_gps.Current);

    public ValueTask<GeoPoint?[]> NamedAsync(string[] names) => new(Array.ConvertAll(names, _gps.Named));

    public async ValueTask<GpsRecord[]> ListAsync(CancellationToken cancellation = default) => [.. await _gps.ListAsync(cancellation)];

    public async ValueTask<GpsRecord> AddAsync(string definition)
    {
        if (!places.HasSerialPorts && GpsDefinition.Parse(definition).Kind == GpsKind.Serial)
        {
            throw new GpsException($"gps '{definition}': a cluster has no serial ports of its own; run a gpsd where the receiver is, and add that");
        }
        GpsRecord record = await _gps.AddAsync(definition);
        await kept.ReplaceAsync(new() { Lines = [.. kept.State.Lines, definition] });
        return record;
    }

    public async ValueTask<bool> RemoveAsync(Guid uuid)
    {
        string? definition = (await _gps.ListAsync()).FirstOrDefault(gps => gps.Uuid == uuid)?.Definition;
        bool removed = await _gps.RemoveAsync(uuid);
        if (definition is not null && kept.State.Lines.Contains(definition))
        {
            await kept.ReplaceAsync(new() { Lines = [.. kept.State.Lines.Where(line => line != definition)] });
        }
        return removed;
    }

    public ValueTask<bool> PostAsync(string kind, string? name, GeoPoint position) => _gps.PostAsync(kind, name, position);

    [LoggerMessage(1, LogLevel.Warning, "{reason}")]
    private static partial void NotAdded(ILogger logger, string reason);
}

/// <summary>What GPS the settings name.</summary>
/// <param name="HasSerialPorts">Whether receivers at serial ports can be added: not in a cluster, of which any silo may read them.</param>
public sealed record GpsPlaces(IReadOnlyList<string> Definitions, bool HasSerialPorts);
