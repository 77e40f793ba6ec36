using System.Buffers;
using KismetOrleans.Grains;
using KismetOrleans.Grains.Datasources;

namespace KismetOrleans.Silo.Datasources;

/// <summary>A source of the cluster as a sensor's connection sees it.</summary>
public sealed class GrainDatasource(IDatasourceGrain grain) : IDatasource
{
    private ArrayBufferWriter<byte>? _buffer;

    /// <inheritdoc/>
    public ValueTask<SensorWelcome> OpenAsync(SensorHello hello) => grain.OpenAsync(hello);

    /// <inheritdoc/>
    public async ValueTask<AcceptOutcome> AcceptAsync(long connection, PacketBatch batch)
    {
        // After a fault the message may still be on its way: its octets stay as they are, and the next batch gets others.
        ArrayBufferWriter<byte> buffer = Interlocked.Exchange(ref _buffer, null) ?? new();
        PacketBatchCodec.Write(batch, buffer);
        AcceptOutcome outcome = await grain.AcceptAsync(connection, buffer.WrittenMemory);
        buffer.ResetWrittenCount();
        _buffer = buffer;
        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask<SensorOrders> TendAsync(long connection, SensorHealth health) => grain.TendAsync(connection, health);

    /// <inheritdoc/>
    public ValueTask OrderDoneAsync(long connection, long order, string? error) => grain.OrderDoneAsync(connection, order, error);

    /// <inheritdoc/>
    public ValueTask CloseAsync(long connection, string? error) => grain.CloseAsync(connection, error);

    /// <inheritdoc/>
    public ValueTask<string?> OrderAsync(SensorOrder order) => grain.OrderAsync(order);
}
