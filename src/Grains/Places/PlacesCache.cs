using KismetOrleans.Engine.Locating;
using KismetOrleans.Engine.Places;

namespace KismetOrleans.Grains.Places;

/// <summary>The cluster's places as this process knows them: asked for once a second, so that packets never wait for them.</summary>
/// <param name="buildings">Where this process's sources look up places; null where it has none.</param>
public sealed partial class PlacesCache(IGrainFactory grains, TimeProvider clock, ILogger<PlacesCache> logger, Buildings? buildings = null)
    : PeriodicService(TimeSpan.FromSeconds(1), clock, atOnce: true), IPlaces
{
    private volatile PlacesDocument _current = PlacesDocument.Empty;

    private IPlacesGrain Grain => grains.GetGrain<IPlacesGrain>(0);

    public async ValueTask<PlacesDocument> ReadAsync(CancellationToken cancellation = default)
    {
        // What another server has just been told is known at once.
        await DoNowAsync();
        return _current;
    }

    // Not asked again after a fault: it may be there already, and would be refused then.
    public async ValueTask<PlacesChange> ReplaceAsync(PlacesDocument document)
    {
        PlacesOutcome outcome = await Grain.ReplaceAsync(document.ToBytes(), document.Version);
        await DoNowAsync();
        return new(outcome.Version, outcome.IsKept, outcome.Missing);
    }

    public async ValueTask<byte[]?> PictureAsync(string id, CancellationToken cancellation = default) =>
        await grains.GetGrain<IPlanPictureGrain>(id).ReadAsync(cancellation) is { Length: > 0 } bytes ? bytes : null;

    public ValueTask<string?> AddPictureAsync(PlanPicture picture, byte[] bytes) => Grain.AddPictureAsync(picture.Id, bytes);

    protected override async Task DoAsync()
    {
        PlacesAnswer answer = await Grain.ReadAsync(_current.Version);
        if (answer.Bytes is { } bytes)
        {
            PlacesDocument document = PlacesDocument.Read(bytes) with { Version = answer.Version };
            _current = document;
            buildings?.Renew(document);
        }
    }

    protected override void LogFault(Exception e) => ReadFailed(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "The places are not known; those of before hold")]
    private static partial void ReadFailed(ILogger logger, Exception e);
}
