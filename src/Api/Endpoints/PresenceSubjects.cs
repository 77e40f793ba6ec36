using System.Text.Json;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Presence;

namespace KismetOrleans.Api.Endpoints;

/// <summary>What devices are that were somewhere, as their records say now.</summary>
internal static class PresenceSubjects
{
    private const string Name = "kismet.device.base.commonname";
    private const string Type = "kismet.device.base.type";
    private const string Manufacturer = "kismet.device.base.manuf";
    private const string Related = "kismet.device.base.related_devices";

    // Some hundred bytes each.
    private const int AtATime = 4096;
    private static readonly DeviceShape s_shape = ShapeOf(Name, Type, Manufacturer, Related);

    /// <summary>A device of which there is no record any more.</summary>
    public static PresenceSubject Unknown(DeviceId device) => new(false, device.Address.ToString(), "", "", []);

    public static DeviceShape ShapeOf(params string[] fields) =>
        new(RecordFormat.Json, FieldSelection.Parse(JsonSerializer.SerializeToElement(fields)));

    /// <summary>What some devices are.</summary>
    /// <param name="present">Which devices were there in the time that is asked for.</param>
    public static async Task<Dictionary<DeviceId, PresenceSubject>> OfAsync(IBackend backend, IReadOnlyList<DeviceId> devices, PresenceTally present, CancellationToken cancellation)
    {
        Dictionary<DeviceId, PresenceSubject> subjects = devices.ToDictionary(static device => device, Unknown);
        await ReadAsync(backend, devices, s_shape, (device, record) => subjects[device] = new(
            true, record.GetProperty(Name).GetString()!, record.GetProperty(Type).GetString()!, record.GetProperty(Manufacturer).GetString()!, Guesses(record, present)), cancellation);
        return subjects;
    }

    /// <summary>Reads fields of devices' records; those that are not known any more are left out.</summary>
    public static async Task ReadAsync(
        IBackend backend, IReadOnlyList<DeviceId> devices, DeviceShape shape, Action<DeviceId, JsonElement> take, CancellationToken cancellation)
    {
        foreach (DeviceId[] some in devices.Chunk(AtATime))
        {
            await backend.Partitions.WriteAsync(some, shape, (device, bytes) =>
            {
                Utf8JsonReader reader = new(bytes);
                using JsonDocument record = JsonDocument.ParseValue(ref reader);
                take(device, record.RootElement);
            }, cancellation);
        }
    }

    private static PresenceGuess[] Guesses(JsonElement record, PresenceTally present)
    {
        List<PresenceGuess> guesses = [];
        if (record.TryGetProperty(LastOf(Related), out JsonElement related) && related.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty kind in related.EnumerateObject())
            {
                foreach (JsonElement key in kind.Value.EnumerateArray())
                {
                    if (DeviceKey.TryParse(key.GetString(), out DeviceId other, out bool known) && known)
                    {
                        guesses.Add(new(other, ReasonOf(kind.Name), present.Has(other)));
                    }
                }
            }
        }
        return [.. guesses];
    }

    private static string LastOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string ReasonOf(string kind) => kind switch
    {
        "dot11_bssts_similar" => "the timers in their beacons began together",
        "dot11_uuid_e" => "they have the same WPS identity (UUID-E)",
        _ => kind,
    };
}
