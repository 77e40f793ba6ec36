using System.Text.Json;
using System.Text.Json.Serialization;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Grains.Messages;

/// <summary>A record on the wire as JSON: for what is sent some times a second, not for packets.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.Json")]
public struct JsonMessage
{
    /// <summary>The record.</summary>
    [Id(0)] public byte[] Octets;
}

/// <summary>Records as JSON, for grains and between processes.</summary>
internal static class RecordJson
{
    /// <summary>How: by public members.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new HistoryConverter() },
    };
}

/// <summary>Converts a record by its public members.</summary>
/// <typeparam name="T">The record.</typeparam>
public abstract class JsonMessageConverter<T> : IConverter<T, JsonMessage>
    where T : notnull
{
    /// <inheritdoc/>
    public T ConvertFromSurrogate(in JsonMessage m) =>
        JsonSerializer.Deserialize<T>(m.Octets, RecordJson.Options) ?? throw new InvalidDataException($"{typeof(T).Name}: the message is null.");

    /// <inheritdoc/>
    public JsonMessage ConvertToSurrogate(in T value) => new() { Octets = JsonSerializer.SerializeToUtf8Bytes(value, RecordJson.Options) };
}

/// <summary>Converts <see cref="DatasourceRecord"/>.</summary>
[RegisterConverter]
public sealed class DatasourceRecordConverter : JsonMessageConverter<DatasourceRecord>, IConverter<DatasourceRecord, JsonMessage>;

/// <summary>Converts <see cref="SourceRow"/>.</summary>
[RegisterConverter]
public sealed class SourceRowConverter : JsonMessageConverter<SourceRow>, IConverter<SourceRow, JsonMessage>;

/// <summary>Converts <see cref="SensorHello"/>.</summary>
[RegisterConverter]
public sealed class SensorHelloConverter : JsonMessageConverter<SensorHello>, IConverter<SensorHello, JsonMessage>;

/// <summary>Converts <see cref="SensorWelcome"/>.</summary>
[RegisterConverter]
public sealed class SensorWelcomeConverter : JsonMessageConverter<SensorWelcome>, IConverter<SensorWelcome, JsonMessage>;

/// <summary>Converts <see cref="SensorHealth"/>.</summary>
[RegisterConverter]
public sealed class SensorHealthConverter : JsonMessageConverter<SensorHealth>, IConverter<SensorHealth, JsonMessage>;

/// <summary>Converts <see cref="SensorOrders"/>.</summary>
[RegisterConverter]
public sealed class SensorOrdersConverter : JsonMessageConverter<SensorOrders>, IConverter<SensorOrders, JsonMessage>;

/// <summary>Converts <see cref="SensorOrder"/>.</summary>
[RegisterConverter]
public sealed class SensorOrderConverter : JsonMessageConverter<SensorOrder>, IConverter<SensorOrder, JsonMessage>;

/// <summary>Converts <see cref="ChannelMap"/>.</summary>
[RegisterConverter]
public sealed class ChannelMapConverter : JsonMessageConverter<ChannelMap>, IConverter<ChannelMap, JsonMessage>;

/// <summary>Converts <see cref="PacketStats"/>.</summary>
[RegisterConverter]
public sealed class PacketStatsConverter : JsonMessageConverter<PacketStats>, IConverter<PacketStats, JsonMessage>;

/// <summary>Converts <see cref="BatchSummary"/>.</summary>
[RegisterConverter]
public sealed class BatchSummaryConverter : JsonMessageConverter<BatchSummary>, IConverter<BatchSummary, JsonMessage>;

/// <summary>Converts <see cref="GpsRecord"/>.</summary>
[RegisterConverter]
public sealed class GpsRecordConverter : JsonMessageConverter<GpsRecord>, IConverter<GpsRecord, JsonMessage>;

/// <summary>Converts <see cref="GeoPoint"/>.</summary>
[RegisterConverter]
public sealed class GeoPointConverter : JsonMessageConverter<GeoPoint>, IConverter<GeoPoint, JsonMessage>;

/// <summary>Converts <see cref="LogRecord"/>.</summary>
[RegisterConverter]
public sealed class LogRecordConverter : JsonMessageConverter<LogRecord>, IConverter<LogRecord, JsonMessage>;
