using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Grains.Datasources;

/// <summary>A source of the cluster as a sensor's connection sees it.</summary>
internal sealed class GrainDatasource(IDatasourceGrain grain) : IDatasource
{
    public ValueTask<SensorWelcome> OpenAsync(SensorHello hello) => grain.OpenAsync(hello);

    public ValueTask<AcceptOutcome> AcceptAsync(long connection, ReadOnlyMemory<byte> batch) => grain.AcceptAsync(connection, batch);

    public ValueTask<SensorOrders> TendAsync(long connection, SensorHealth health) => grain.TendAsync(connection, health);

    public ValueTask OrderDoneAsync(long connection, long order, string? error) => grain.OrderDoneAsync(connection, order, error);

    public ValueTask CloseAsync(long connection, string? error) => grain.CloseAsync(connection, error);

    public ValueTask<string?> OrderAsync(SensorOrder order, CancellationToken cancellation) => grain.OrderAsync(order, cancellation);
}
