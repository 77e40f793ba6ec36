using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Grains.Datasources;

/// <summary>A source of the cluster as a sensor's connection sees it.</summary>
public sealed class GrainDatasource(IDatasourceGrain grain) : IDatasource
{
    /// <inheritdoc/>
    public ValueTask<SensorWelcome> OpenAsync(SensorHello hello) => grain.OpenAsync(hello);

    /// <inheritdoc/>
    public ValueTask<AcceptOutcome> AcceptAsync(long connection, ReadOnlyMemory<byte> batch) => grain.AcceptAsync(connection, batch);

    /// <inheritdoc/>
    public ValueTask<SensorOrders> TendAsync(long connection, SensorHealth health) => grain.TendAsync(connection, health);

    /// <inheritdoc/>
    public ValueTask OrderDoneAsync(long connection, long order, string? error) => grain.OrderDoneAsync(connection, order, error);

    /// <inheritdoc/>
    public ValueTask CloseAsync(long connection, string? error) => grain.CloseAsync(connection, error);

    /// <inheritdoc/>
    public ValueTask<string?> OrderAsync(SensorOrder order, CancellationToken cancellation) => grain.OrderAsync(order, cancellation);
}
