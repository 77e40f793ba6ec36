using KismetOrleans.Engine.Datasources;

namespace KismetOrleans.Grains.Datasources;

/// <summary>
/// A source of the cluster as a sensor's connection sees it. A batch may wait for long, for the database or for partitions that are behind; so who waits looks every second whether the source
/// is still where the call went: of a call to a silo that died, or that hangs, he would hear only when the call's time is over.
/// </summary>
internal sealed class GrainDatasource(IDatasourceGrain grain, Gateways? gateways = null) : IDatasource
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(1);

    public ValueTask<SensorWelcome> OpenAsync(SensorHello hello) => grain.OpenAsync(hello);

    public ValueTask<AcceptOutcome> AcceptAsync(long connection, ReadOnlyMemory<byte> batch) => WatchAsync(grain.AcceptAsync(connection, batch));

    public ValueTask<SensorOrders> TendAsync(long connection, SensorHealth health) => WatchAsync(grain.TendAsync(connection, health));

    public ValueTask OrderDoneAsync(long connection, long order, string? error) => grain.OrderDoneAsync(connection, order, error);

    public ValueTask CloseAsync(long connection, string? error) => grain.CloseAsync(connection, error);

    public ValueTask<string?> OrderAsync(SensorOrder order, CancellationToken cancellation) => grain.OrderAsync(order, cancellation);

    private async ValueTask<T> WatchAsync<T>(ValueTask<T> call)
    {
        CancellationToken lost = gateways?.Lost ?? default;
        Task<T> answer = call.AsTask();
        try
        {
            while (true)
            {
                try
                {
                    return await answer.WaitAsync(s_lookEvery, lost);
                }
                catch (TimeoutException) when (!answer.IsCompleted)
                {
                    if (!await grain.IsConnectedAsync().AsTask().WaitAsync(lost))
                    {
                        throw new SiloUnavailableException("The source has moved to another silo.");
                    }
                }
            }
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            throw new SiloUnavailableException("A gateway of the cluster was lost.");
        }
    }
}
