using KismetOrleans.Engine.Operations;

namespace KismetOrleans.Silo.Operations;

/// <summary>The server has started and is not about to stop.</summary>
internal sealed class LifetimeCheck(IHostApplicationLifetime lifetime) : IReadinessCheck
{
    public string Name => "lifetime";

    public ValueTask<string?> CheckAsync(CancellationToken cancellation) => new(
        lifetime.ApplicationStopping.IsCancellationRequested ? "stopping"
        : lifetime.ApplicationStarted.IsCancellationRequested ? null
        : "starting");
}
