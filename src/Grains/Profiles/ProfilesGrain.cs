using KismetOrleans.Engine.Profiles;
using KismetOrleans.Grains.Storage;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Profiles;

/// <summary>What the cluster sets for agents: one grain, key 0.</summary>
[Alias("KismetOrleans.IProfilesGrain")]
public interface IProfilesGrain : IGrainWithIntegerKey
{
    /// <summary>The profiles, where they are not those that the caller has.</summary>
    /// <param name="known">Version of those; 0 for none.</param>
    [Alias("Read")]
    [Idempotent]
    ValueTask<ProfilesAnswer> ReadAsync(long known, CancellationToken cancellation = default);

    /// <inheritdoc cref="IProfiles.SetAsync"/>
    [Alias("Set")]
    ValueTask<SensorProfile?> SetAsync([Immutable] SensorProfile profile);

    /// <inheritdoc cref="IProfiles.RemoveAsync"/>
    [Alias("Remove")]
    ValueTask<bool> RemoveAsync(string name);
}

public sealed class ProfilesGrain([PersistentState("profiles")] IPersistentState<ProfilesState> kept, TimeProvider clock) : Grain, IProfilesGrain
{
    private ProfileBook _book = null!;
    private long _version;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _book = ProfileBook.Read(kept.State.Bytes);
        NextVersion();
        return Task.CompletedTask;
    }

    public ValueTask<ProfilesAnswer> ReadAsync(long known, CancellationToken cancellation = default) =>
        new(new ProfilesAnswer(_version, known == _version ? null : _book.ToBytes()));

    public async ValueTask<SensorProfile?> SetAsync(SensorProfile profile)
    {
        if (_book.With(profile) is not { } changed)
        {
            return null;
        }
        await KeepAsync(changed.Book);
        return changed.Kept;
    }

    public async ValueTask<bool> RemoveAsync(string name)
    {
        if (_book.Without(name) is not { } rest)
        {
            return false;
        }
        await KeepAsync(rest);
        return true;
    }

    private async Task KeepAsync(ProfileBook book)
    {
        await kept.ReplaceAsync(new() { Bytes = book.ToBytes() });
        _book = book;
        NextVersion();
    }

    // By the clock: a life that begins without what was kept must not give the same number to other profiles.
    private void NextVersion() => _version = Math.Max(_version + 1, clock.GetUtcNow().Ticks);
}

/// <summary>What <see cref="ProfilesGrain"/> keeps.</summary>
[GenerateSerializer, Alias("KismetOrleans.ProfilesState")]
public sealed class ProfilesState : IStoredState
{
    /// <summary>As <see cref="ProfileBook.ToBytes"/>.</summary>
    [Id(0)] public byte[] Bytes { get; set; } = [];

    public byte[] ToBytes() => Bytes;

    public void Read(byte[] bytes) => Bytes = bytes;
}

/// <summary>The profiles.</summary>
/// <param name="Version">Another number for each of their states.</param>
/// <param name="Bytes">As <see cref="ProfileBook.ToBytes"/>; null where the caller has them.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.ProfilesAnswer")]
public sealed record ProfilesAnswer([property: Id(0)] long Version, [property: Id(1)] byte[]? Bytes);
