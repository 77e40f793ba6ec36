using System.Text.Json;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.SsidScanning;

/// <summary>
/// Looks for networks by name, and has sources stay where one is (<see cref="SsidScanPlan"/>). It looks when it is told to, by asking the partitions: packets pay nothing, and while it is off nothing is asked. One caller at a time.
/// </summary>
/// <param name="kept">What <paramref name="keep"/> was given last; null before.</param>
/// <param name="sources">The sources.</param>
/// <param name="order">Tells one something, and answers why it could not be.</param>
/// <param name="keep">Keeps what is looked for.</param>
public sealed class SsidScan(
    IReadOnlyList<IDevicePartition> partitions, Func<IReadOnlyList<DatasourceRecord>> sources, Func<DatasourceRecord, SensorOrder, Task<string?>> order, TimeProvider clock, string? kept,
    Func<string, Task> keep)
{
    /// <summary>How often <see cref="CheckAsync"/> is to be called.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    /// <summary>Expressions at most.</summary>
    public const int MaxTargets = 32;

    /// <summary>Sources of a kind at most.</summary>
    public const int MaxSources = 512;

    // Access points at most: what is found in more is no target.
    private const int MostDevices = 256;

    // Beacons come ten times a second, but a source that hops is elsewhere most of the time.
    private static readonly TimeSpan s_onTheAir = TimeSpan.FromSeconds(60);

    private static readonly DeviceShape s_shape = new(RecordFormat.Json, new(
    [
        new("kismet.device.base.macaddr", "address"),
        new("kismet.device.base.channel", "channel"),
        new("kismet.device.base.seenby", "seen"),
        new("dot11.device/dot11.device.last_beaconed_ssid_record/dot11.advertisedssid.ssid", "ssid"),
        new("dot11.device/dot11.device.wpa_handshake_list", "keys"),
    ]))
    { Apart = true };

    private readonly SsidScanPlan _plan = new();
    private SsidScanSettings _settings = kept is null ? SsidScanSettings.Off : JsonSerializer.Deserialize<SsidScanSettings>(kept) ?? SsidScanSettings.Off;
    private RegexSpec? _regex;

    /// <summary>What is looked for, and who stays where.</summary>
    public SsidScanStatus Status => new(_settings, _plan.Locks);

    /// <summary>Looks for something else from now on; completes when it is kept.</summary>
    public async Task SetAsync(SsidScanSettings settings)
    {
        await keep(JsonSerializer.Serialize(settings));
        (_settings, _regex) = (settings, null);
    }

    /// <summary>Reads what is looked for.</summary>
    /// <exception cref="CommandException">One of them is no regular expression, or too long.</exception>
    public static RegexSpec? Expressions(IReadOnlyList<string> targets) => RegexSpec.Parse(JsonSerializer.SerializeToElement(targets.SelectMany(static target => new string[][]
    {
        // Networks that hide their names tell them in answers.
        ["dot11.device/dot11.device.advertised_ssid_map/dot11.advertisedssid.ssid", target],
        ["dot11.device/dot11.device.responded_ssid_map/dot11.advertisedssid.ssid", target],
    })));

    /// <summary>Looks who is there, and tells sources what to do.</summary>
    /// <returns>What sources did not do: the source and why.</returns>
    public async Task<IReadOnlyList<(string Source, string Reason)>> CheckAsync()
    {
        SsidScanSettings settings = _settings;
        if (!settings.Enabled && _plan.Locks.Count == 0)
        {
            return [];
        }
        IReadOnlyList<SsidTarget> targets = settings.Enabled ? await TargetsAsync(settings) : [];
        IReadOnlyList<DatasourceRecord> all = sources();
        IReadOnlyList<SsidScanStep> steps = _plan.Decide(settings, all, targets, clock.GetUtcNow().ToUnixTimeSeconds());
        (string Source, string? Reason)[] told = await Task.WhenAll(steps.Select(step => TellAsync(all.First(one => one.Uuid == step.Source), step.Channel)));
        return [.. told.Where(static one => one.Reason is not null).Select(static one => (one.Source, one.Reason!))];
    }

    private async Task<(string Source, string? Reason)> TellAsync(DatasourceRecord source, string? channel)
    {
        string? error;
        try
        {
            error = await order(source, channel is null ? new() { Command = SensorCommand.SetHop } : new() { Command = SensorCommand.SetChannel, Channel = channel });
        }
        catch (Exception e)
        {
            // The others are told all the same.
            error = e.Message;
        }
        if (error is not null)
        {
            _plan.Refused(source.Uuid, clock.GetUtcNow().ToUnixTimeSeconds());
        }
        return (source.Name, error);
    }

    private async Task<IReadOnlyList<SsidTarget>> TargetsAsync(SsidScanSettings settings)
    {
        _regex = (_regex ?? Expressions(settings.Targets))?.Renew();
        if (_regex is null)
        {
            return [];
        }
        DeviceFilter filter = new() { Regex = _regex, Since = (uint)(clock.GetUtcNow() - s_onTheAir).ToUnixTimeSeconds() };
        List<SsidTarget>[] found = await Task.WhenAll(partitions.Select(partition => TargetsAsync(partition, filter)));
        return [.. found.SelectMany(static one => one).OrderBy(static one => one.Device.Value).Take(MostDevices)];
    }

    private static async Task<List<SsidTarget>> TargetsAsync(IDevicePartition partition, DeviceFilter filter)
    {
        List<SsidTarget> found = [];
        for (int cursor = 0; cursor >= 0 && found.Count < MostDevices;)
        {
            using DeviceChunk chunk = await partition.ReadAsync(filter, s_shape, cursor);
            int from = 0;
            foreach (int to in chunk.Ends ?? [])
            {
                using JsonDocument document = JsonDocument.Parse(chunk.Body.Written[from..to]);
                if (Read(document.RootElement) is { } target)
                {
                    found.Add(target);
                }
                from = to;
            }
            cursor = chunk.Next;
        }
        return found;
    }

    private static SsidTarget? Read(JsonElement device) => !MacAddress.TryParse(Text(device, "address"), out MacAddress address) ? null
        : new(address, Text(device, "ssid"), Text(device, "channel"), HasHandshake(device), [.. Items(device, "seen").Select(static one => Guid.TryParse(Text(one, "kismet.common.seenby.uuid"), out Guid uuid) ? uuid : default)]);

    // The second message of a client proves that it knows the passphrase; the access point's, before it or after it, has the rest that is needed to check one.
    private static bool HasHandshake(JsonElement device) => device.TryGetProperty("keys", out JsonElement clients) && clients.ValueKind == JsonValueKind.Object
        && clients.EnumerateObject().Any(static client =>
        {
            int[] messages = [.. client.Value.EnumerateArray().Select(static key => key.TryGetProperty("dot11.eapol.message_num", out JsonElement number) ? number.GetInt32() : 0)];
            return messages.Contains(2) && (messages.Contains(1) || messages.Contains(3));
        });

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static IEnumerable<JsonElement> Items(JsonElement of, string name) => of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
