using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Grains.Datasources;

/// <summary>A source that a sensor feeds; its key is the sensor's UUID. The contract is <see cref="IDatasource"/>.</summary>
[Alias("KismetOrleans.IDatasourceGrain")]
public interface IDatasourceGrain : IGrainWithGuidKey
{
    /// <inheritdoc cref="IDatasource.OpenAsync"/>
    [Alias("Open")]
    [ResponseTimeout("00:00:03")]
    ValueTask<SensorWelcome> OpenAsync([Immutable] SensorHello hello);

    /// <inheritdoc cref="IDatasource.AcceptAsync"/>
    [Alias("Accept")]
    [ResponseTimeout("00:00:30")]
    ValueTask<AcceptOutcome> AcceptAsync(long connection, [Immutable] ReadOnlyMemory<byte> batch);

    /// <inheritdoc cref="IDatasource.TendAsync"/>
    [Alias("Tend")]
    [ResponseTimeout("00:00:30")]
    ValueTask<SensorOrders> TendAsync(long connection, [Immutable] SensorHealth health);

    /// <inheritdoc cref="IDatasource.OrderDoneAsync"/>
    [Alias("OrderDone")]
    ValueTask OrderDoneAsync(long connection, long order, string? error);

    /// <inheritdoc cref="IDatasource.CloseAsync"/>
    [Alias("Close")]
    ValueTask CloseAsync(long connection, string? error);

    /// <inheritdoc cref="IDatasource.OrderAsync"/>
    [Alias("Order")]
    [ResponseTimeout("00:00:30")]
    ValueTask<string?> OrderAsync([Immutable] SensorOrder order, CancellationToken cancellation = default);

    /// <summary>Whether a sensor is connected; answered at once, whatever the source is at.</summary>
    [Alias("IsConnected")]
    [ResponseTimeout("00:00:03")]
    ValueTask<bool> IsConnectedAsync();

    /// <summary>The source is about to be forgotten: this grain goes, and another takes its sensor when it comes back.</summary>
    /// <returns>Whether it may be; not while a sensor is connected.</returns>
    [Alias("Retire")]
    ValueTask<bool> RetireAsync();
}
