using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Profiles;

/// <summary>What the server sets for agents.</summary>
public interface IProfiles
{
    /// <summary>The profiles as this process knows them, about a second old; null until it has heard of them.</summary>
    ProfileBook? Current { get; }

    /// <summary>The profiles as they are.</summary>
    ValueTask<ProfileBook> ReadAsync(CancellationToken cancellation = default);

    /// <summary>Adds a profile, or puts it in the place of the one of its name; completes when it is kept.</summary>
    /// <param name="profile">Its version is given here.</param>
    /// <returns>As it is kept; null where there is no room.</returns>
    ValueTask<SensorProfile?> SetAsync(SensorProfile profile);

    /// <summary>Removes a profile; completes when that is kept.</summary>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> RemoveAsync(string name);
}
