using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Events;

/// <summary>
/// An event about a device: its record as it was then, as a stored row, which any process can write in any listener's shape.
/// </summary>
/// <param name="topic">One of <see cref="EventTopics.OfDevices"/>.</param>
/// <param name="row">The device, as <see cref="DeviceCodec"/> writes it.</param>
/// <param name="ssid">Hash of the SSID that it is about; 0 for topics without.</param>
public sealed class DeviceEvent(EventTopics topic, ReadOnlyMemory<byte> row, uint ssid) : ServerEvent(topic)
{
    private const string SsidDevice = "DOT11_NEW_SSID_BASEDEV";
    private const string HandshakeDevice = "DOT11_WPA_HANDSHAKE_BASEDEV";
    private const string HandshakeDot11 = "DOT11_WPA_HANDSHAKE_DOT11";
    private Device? _device;

    public ReadOnlyMemory<byte> Row => row;

    /// <summary>Hash of the SSID that it is about.</summary>
    public uint Ssid => ssid;

    public override int Bytes => 64 + row.Length;

    protected override void WriteContents(JsonOut json, EventShape shape)
    {
        // By one writer at a time; read once for all shapes.
        Device device = _device ??= DeviceCodec.Read(row.Span);
        WriteKey(json, Topic switch
        {
            EventTopics.NewDevice => EventTopicNames.Of(Topic),
            EventTopics.WpaHandshake => HandshakeDevice,
            _ => SsidDevice,
        });
        shape.Write(DeviceTable.Table, device, json);
        if (Topic == EventTopics.NewDevice)
        {
            return;
        }
        json.Raw(","u8);
        WriteKey(json, Topic == EventTopics.WpaHandshake ? HandshakeDot11 : EventTopicNames.Of(Topic));
        WriteSecond(device.Dot11 ?? new(), json, shape);
    }

    private void WriteSecond(Dot11Device dot11, JsonOut json, EventShape shape)
    {
        switch (Topic)
        {
            case EventTopics.WpaHandshake:
                shape.Write(Dot11DeviceTable.Table, dot11, json);
                break;
            case EventTopics.ProbedSsid:
                shape.Write(ProbedSsidTable.Table, Array.Find(dot11.Probed ?? [], record => record.Hash == ssid) ?? new(), json);
                break;
            default:
                AdvertisedSsid[]? map = Topic == EventTopics.AdvertisedSsid ? dot11.Advertised : dot11.Responded;
                shape.Write(AdvertisedSsidTable.Table, Array.Find(map ?? [], record => record.Hash == ssid) ?? new(), json);
                break;
        }
    }
}
