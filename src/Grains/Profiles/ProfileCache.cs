using KismetOrleans.Engine.Profiles;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Profiles;

/// <summary>The cluster's profiles as the sensors' connections of this process know them: asked for once a second.</summary>
public sealed partial class ProfileCache(IGrainFactory grains, TimeProvider clock, ILogger<ProfileCache> logger)
    : PeriodicService(TimeSpan.FromSeconds(1), clock, atOnce: true), IProfiles
{
    private volatile ProfileBook? _current;
    private long _version;

    public ProfileBook? Current => _current;

    private IProfilesGrain Grain => grains.GetGrain<IProfilesGrain>(0);

    public async ValueTask<ProfileBook> ReadAsync(CancellationToken cancellation = default) => ProfileBook.Read((await Grain.ReadAsync(0, cancellation)).Bytes);

    // Not asked again after a fault, as what was kept twice has another version; connections of this process look at once.
    public async ValueTask<SensorProfile?> SetAsync(SensorProfile profile)
    {
        SensorProfile? kept = await Grain.SetAsync(profile);
        await DoNowAsync();
        return kept;
    }

    public async ValueTask<bool> RemoveAsync(string name)
    {
        bool was = await Grain.RemoveAsync(name);
        await DoNowAsync();
        return was;
    }

    protected override async Task DoAsync()
    {
        ProfilesAnswer answer = await Grain.ReadAsync(_version);
        if (answer.Bytes is { } bytes)
        {
            _current = ProfileBook.Read(bytes);
            _version = answer.Version;
        }
    }

    protected override void LogFault(Exception e) => ReadFailed(logger, e);

    [LoggerMessage(1, LogLevel.Warning, "The profiles of agents are not known; those of before hold")]
    private static partial void ReadFailed(ILogger logger, Exception e);
}
