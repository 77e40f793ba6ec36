using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Messages;

/// <summary>Records as JSON, as the embedded server's file has them.</summary>
internal static class RecordJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        IncludeFields = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new HistoryConverter() },
    };

    private sealed class HistoryConverter : JsonConverter<Rrd>
    {
        public override Rrd Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => StoredHistory.Read(reader.GetBytesFromBase64());

        public override void Write(Utf8JsonWriter writer, Rrd value, JsonSerializerOptions options) => writer.WriteBase64StringValue(StoredHistory.Write(value));
    }
}

/// <summary>A history as it is stored: in the row of a device that has nothing else.</summary>
internal static class StoredHistory
{
    public static readonly DeviceId Carrier = new(Phy.Dot11, new MacAddress(0));

    public static Rrd Read(byte[] row) => ReadRow(row).PacketsRrd ?? throw new InvalidDataException("A history without samples.");

    public static byte[] Write(Rrd history) => WriteRow(new(Carrier) { PacketsRrd = history });

    public static Device ReadRow(byte[] row) => DeviceCodec.Read(row);

    public static byte[] WriteRow(Device carrier)
    {
        ArrayBufferWriter<byte> row = new();
        DeviceCodec.Write(carrier, row);
        return row.WrittenSpan.ToArray();
    }
}
