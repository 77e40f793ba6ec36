using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Messages;

/// <summary>A history as it is stored: in the row of a device that has nothing else.</summary>
internal sealed class HistoryConverter : JsonConverter<Rrd>
{
    private static readonly DeviceId s_carrier = new(Phy.Dot11, new MacAddress(0));

    public override Rrd Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        DeviceCodec.Read(reader.GetBytesFromBase64()).PacketsRrd ?? throw new JsonException("a history without samples");

    public override void Write(Utf8JsonWriter writer, Rrd value, JsonSerializerOptions options)
    {
        ArrayBufferWriter<byte> row = new();
        DeviceCodec.Write(new(s_carrier) { PacketsRrd = value }, row);
        writer.WriteBase64StringValue(row.WrittenSpan);
    }
}
