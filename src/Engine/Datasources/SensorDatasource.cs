using KismetOrleans.Packets;
using KismetOrleans.Packets.Protocol;
using Microsoft.Extensions.ObjectPool;

namespace KismetOrleans.Engine.Datasources;

/// <summary>A source fed over the network, in this process: its calls run one at a time.</summary>
public sealed class SensorDatasource(RemoteDatasource source) : IDatasource, IDisposable
{
    // Lent while a batch is taken: a thousand sensors that are silent need none.
    private static readonly ObjectPool<PacketBatch> s_batches = new DefaultObjectPool<PacketBatch>(new Policy(), Environment.ProcessorCount * 4);
    private readonly SemaphoreSlim _turn = new(1);

    public bool IsConnected => source.IsConnected;

    /// <summary>Whether a connection is one of this life of the source, be it the newest or not.</summary>
    public bool HasGivenOut(long connection) => source.HasGivenOut(connection);

    /// <summary>The packets' way.</summary>
    public Datasource Source => source.Source;

    public ValueTask<SensorWelcome> OpenAsync(SensorHello hello) => InTurnAsync(() => source.OpenAsync(hello, SourceDrivers.OfSensor(hello)));

    public ValueTask<AcceptOutcome> AcceptAsync(long connection, ReadOnlyMemory<byte> batch) => InTurnAsync(async () =>
    {
        PacketBatch packets = s_batches.Get();
        try
        {
            if (!BatchDecoder.TryDecode(batch.Span, packets, out _, out string? error))
            {
                throw new InvalidDataException(error);
            }
            packets.Source = source.Record.Uuid;
            return await source.AcceptAsync(connection, packets);
        }
        finally
        {
            s_batches.Return(packets);
        }
    });

    public ValueTask<SensorOrders> TendAsync(long connection, SensorHealth health) => InTurnAsync(() => source.TendAsync(connection, health));

    public async ValueTask OrderDoneAsync(long connection, long order, string? error) => await InTurnAsync(() =>
    {
        source.OrderDone(connection, order, error);
        return ValueTask.FromResult(true);
    });

    public async ValueTask CloseAsync(long connection, string? error) => await InTurnAsync(async () =>
    {
        await source.CloseAsync(connection, error);
        return true;
    });

    public async ValueTask<string?> OrderAsync(SensorOrder order, CancellationToken cancellation)
    {
        // Outside of the turn: what the sensor answers comes in another one.
        Task<string?> done = await InTurnAsync(() => ValueTask.FromResult(source.Order(order)));
        return await done.WaitAsync(cancellation);
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask<T> InTurnAsync<T>(Func<ValueTask<T>> call)
    {
        await _turn.WaitAsync();
        try
        {
            return await call();
        }
        finally
        {
            _ = _turn.Release();
        }
    }

    private sealed class Policy : PooledObjectPolicy<PacketBatch>
    {
        public override PacketBatch Create() => BatchDecoder.NewBatch();

        public override bool Return(PacketBatch obj) => true;
    }
}
