using KismetOrleans.Grains.Auth;
using KismetOrleans.Grains.Persistence;

namespace KismetOrleans.Api.Hosting;

/// <summary>Where the embedded backend keeps its state.</summary>
/// <param name="Devices">Devices.</param>
/// <param name="Journal">Posts that the partitions have not on disk yet.</param>
/// <param name="Sources">Sources.</param>
/// <param name="State">What is small and of the server as a whole, as its alerts.</param>
/// <param name="Auth">Logins.</param>
/// <param name="Partitions">Partitions that the store was made for: devices do not move between them.</param>
/// <param name="SaveEvery">Least time between two saves of a partition.</param>
/// <param name="Owner">What is to be closed at the end.</param>
public sealed record EmbeddedStorage(
    IDeviceStore Devices, IJournal Journal, ISourceStore Sources, IStateStore State, IAuthStore Auth, int Partitions, TimeSpan SaveEvery, IAsyncDisposable Owner)
    : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Owner.DisposeAsync();
}
