using System.Globalization;
using System.Text.Json;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Engine.Server;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Presence;

namespace KismetOrleans.Api.Endpoints;

/// <summary>
/// What is different between two times. Who was there is kept; of what a device was like only what its record and the alerts say: SSIDs have the time at which they were first seen, and of other
/// security, less of it or another channel an alert is kept. A maker follows from the address.
/// </summary>
internal static class PresenceDifference
{
    private const uint NoGap = 0;
    private const string Announced = "dot11.advertisedssid.";

    // Each of them a device that a network is, and what the alert says in the words of this list.
    private static readonly (string Header, string Change)[] s_alerts =
        [("ADVCRYPTCHANGE", "other security"), ("CRYPTODROP", "less security"), ("CHANCHANGE", "another channel")];

    private static readonly (string Path, string Prefix, string Change)[] s_lists =
    [
        ("dot11.device/dot11.device.advertised_ssid_map", Announced, "announces"),
        ("dot11.device/dot11.device.responded_ssid_map", Announced, "answers with"),
        ("dot11.device/dot11.device.probed_ssid_map", "dot11.probedssid.", "asks for"),
    ];

    private static readonly DeviceShape s_shape = PresenceSubjects.ShapeOf([.. s_lists.Select(static list => list.Path)]);

    /// <summary>The differences: what appeared, then what is gone, then what changed.</summary>
    /// <param name="describe">A source with its name and place.</param>
    public static async Task<IReadOnlyList<PresenceChange>> OfAsync(
        IBackend backend, PresenceTally before, PresenceTally after, PresenceQuery later, Func<Guid, PresenceSource> describe, CancellationToken cancellation)
    {
        DeviceId[] appeared = [.. after.Devices.Where(device => !before.Has(device))];
        DeviceId[] gone = [.. before.Devices.Where(device => !after.Has(device))];
        Dictionary<DeviceId, List<string>> changed = await ChangesAsync(backend, [.. after.Devices.Where(before.Has)], later, cancellation);
        List<PresenceChange> all = [];
        await AddAsync("appeared", appeared, after, before);
        await AddAsync("gone", gone, before, after);
        await AddAsync("changed", [.. changed.Keys], after, after);
        return all;

        // A guess is worth more if the other one was there at the other time.
        async Task AddAsync(string kind, DeviceId[] devices, PresenceTally when, PresenceTally other)
        {
            Dictionary<DeviceId, PresenceSubject> subjects = await PresenceSubjects.OfAsync(backend, devices, other, cancellation);
            foreach (DeviceId device in devices.OrderBy(static device => device.Value))
            {
                PresenceDevice seen = when.Of(device, subjects[device], NoGap, describe);
                all.Add(new(device, seen.Subject, kind, changed.GetValueOrDefault(device) ?? [], seen.First, seen.Last, seen.Sources));
            }
        }
    }

    private static async Task<Dictionary<DeviceId, List<string>>> ChangesAsync(IBackend backend, DeviceId[] devices, PresenceQuery later, CancellationToken cancellation)
    {
        Dictionary<DeviceId, List<string>> changes = [];
        (uint from, uint until) = (PresenceTally.Second(later.First), PresenceTally.Second(later.Last + 1));
        await PresenceSubjects.ReadAsync(
            backend, devices, s_shape, (device, record) =>
            {
                foreach ((string path, string prefix, string change) in s_lists)
                {
                    foreach (JsonElement ssid in ListOf(record, path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..]))
                    {
                        if (ssid.GetProperty(prefix + "first_time").GetInt64() is var first && first >= from && first < until)
                        {
                            Add(changes, device, $"{change} SSID '{ssid.GetProperty(prefix + "ssid").GetString()}'{(prefix == Announced ? InWords(ssid.GetProperty(prefix + "crypt_string").GetString()) : "")}");
                        }
                    }
                }
            },
            cancellation);
        HashSet<DeviceId> asked = [.. devices];
        foreach ((string header, string change) in s_alerts)
        {
            AlertQuery query = new() { Header = header, From = from * 1_000_000L, Until = until * 1_000_000L };
            foreach (AlertRecord alert in (await backend.Alerts.KeptAsync(query, cancellation)).Reverse())
            {
                DeviceId network = new(Phy.Dot11, alert.Alert.Bssid);
                if (asked.Contains(network))
                {
                    Add(changes, network, string.Create(CultureInfo.InvariantCulture, $"{change}: {alert.Alert.Text}"));
                }
            }
        }
        return changes;
    }

    private static JsonElement.ArrayEnumerator ListOf(JsonElement record, string name) =>
        record.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;

    private static string InWords(string? security) => security is { Length: > 0 } ? $" ({security})" : "";

    private static void Add(Dictionary<DeviceId, List<string>> changes, DeviceId device, string change)
    {
        List<string> list = changes.TryGetValue(device, out List<string>? known) ? known : changes[device] = [];
        if (!list.Contains(change))
        {
            list.Add(change);
        }
    }
}
