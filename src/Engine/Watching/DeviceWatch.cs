using System.Globalization;
using System.Text.Json;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Watching;

/// <summary>
/// Watches devices come and go. It looks when it is told to (<see cref="CheckAsync"/>), by asking the partitions that would have them when they changed
/// last: packets pay nothing. A device that was there when its watch began is no find.
/// </summary>
/// <param name="options">Settings: what is watched from the start, and when a device is lost.</param>
/// <param name="kept">What <paramref name="keep"/> was given last.</param>
/// <param name="keep">Keeps the watched addresses.</param>
/// <exception cref="ArgumentException">A setting is no address.</exception>
public sealed class DeviceWatch(
    IReadOnlyList<IDevicePartition> partitions, AlertOptions options, TimeProvider clock, Func<RaisedAlert, Task<AlertFate>> raise,
    IEnumerable<string> kept, Func<IReadOnlyList<string>, Task> keep) : IDeviceWatch
{
    /// <summary>Addresses at most: each is asked for about once a second.</summary>
    internal const int MaxWatched = 1000;

    /// <summary>How often <see cref="CheckAsync"/> is to be called.</summary>
    public static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private static readonly DeviceShape s_shape = new(RecordFormat.Json, new([new("kismet.device.base.mod_time", null)]));
    private readonly SemaphoreSlim _turn = new(1);
    private readonly SortedDictionary<MacAddress, Watched> _watched = Read(options, kept);

    // While the server was down, nothing could be seen.
    private readonly long _begun = clock.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask<IReadOnlyList<MacAddress>> ListAsync(WatchFor what, CancellationToken cancellation = default)
    {
        using Turn turn = await TurnAsync();
        return [.. _watched.Where(one => (one.Value.What & what) == what).Select(static one => one.Key)];
    }

    public async ValueTask<string?> AddAsync(WatchFor what, IReadOnlyList<MacAddress> addresses)
    {
        // From the answer on, whoever comes is a find.
        Dictionary<MacAddress, (long Time, DeviceId Device)> seen = await SeenAsync(addresses.Take(MaxWatched + 1));
        long now = clock.GetUtcNow().ToUnixTimeSeconds();
        using Turn turn = await TurnAsync();
        if (_watched.Count + addresses.Distinct().Count(address => !_watched.ContainsKey(address)) > MaxWatched)
        {
            return $"more than {MaxWatched} addresses would be watched";
        }
        foreach (MacAddress address in addresses)
        {
            Watched one = _watched.GetValueOrDefault(address);
            bool there = seen.TryGetValue(address, out (long Time, DeviceId Device) last) && now - last.Time <= options.LostAfter.TotalSeconds;
            _watched[address] = new(one.What | what, one.There ?? there, now);
        }
        await KeepAsync();
        return null;
    }

    public async ValueTask RemoveAsync(WatchFor what, IReadOnlyList<MacAddress> addresses)
    {
        using Turn turn = await TurnAsync();
        foreach (MacAddress address in addresses)
        {
            if (_watched.TryGetValue(address, out Watched one))
            {
                _watched[address] = one with { What = one.What & ~what };
                if (_watched[address].What == WatchFor.None)
                {
                    _ = _watched.Remove(address);
                }
            }
        }
        await KeepAsync();
    }

    /// <summary>Looks who came and who went, and raises the alerts. What limits hold back is told by a later call.</summary>
    public async Task CheckAsync()
    {
        MacAddress[] addresses;
        using (await TurnAsync())
        {
            addresses = [.. _watched.Keys];
        }
        if (addresses.Length == 0)
        {
            return;
        }
        long now = clock.GetUtcNow().ToUnixTimeSeconds();
        Dictionary<MacAddress, (long Time, DeviceId Device)> seen = await SeenAsync(addresses);
        using Turn turn = await TurnAsync();
        bool changed = false;
        foreach (MacAddress address in addresses)
        {
            // It may have been taken off meanwhile.
            if (!_watched.TryGetValue(address, out Watched one))
            {
                continue;
            }
            bool known = seen.TryGetValue(address, out (long Time, DeviceId Device) last);
            // A device that was there before the server began is given its time to be seen again.
            long since = one.There == true ? Math.Max(last.Time, _begun) : last.Time;
            // One that came and went again since somebody looked is found now and lost by the next look.
            bool there = known && (now - since <= options.LostAfter.TotalSeconds || (one.There == false && last.Time >= Math.Max(one.Gone, _begun)));
            if (there == one.There)
            {
                _watched[address] = there ? one : one with { Gone = now };
                continue;
            }
            if (await RaiseAsync(address, one, there, known ? last.Device : null))
            {
                _watched[address] = new(one.What, there, now);
                changed = true;
            }
        }
        if (changed)
        {
            await KeepAsync();
        }
    }

    // False when it is to be told later.
    private async Task<bool> RaiseAsync(MacAddress address, Watched one, bool there, DeviceId? device)
    {
        WatchFor what = there ? WatchFor.Found : WatchFor.Lost;
        if (one.There is null || (one.What & what) == 0)
        {
            return true;
        }
        string text = there
            ? $"Device {address}, which is waited for, is seen"
            : $"Device {address}, which is watched, has not been seen for {options.LostAfter.TotalSeconds:0} seconds";
        AlertKind kind = there ? AlertKind.DeviceFound : AlertKind.DeviceLost;
        return options.Definitions()[(int)kind].IsSquelched
            || await raise(new(AlertCatalogue.Of(kind).Header, text) { Device = device, Source = address }) != AlertFate.Throttled;
    }

    // The newest change of a device of any phy with the address.
    private async Task<Dictionary<MacAddress, (long Time, DeviceId Device)>> SeenAsync(IEnumerable<MacAddress> addresses)
    {
        DeviceId[] ids = [.. addresses.SelectMany(DeviceId.OnAllPhys)];
        Dictionary<MacAddress, (long Time, DeviceId Device)> seen = [];
        await partitions.WriteAsync(ids, s_shape, (id, bytes) =>
        {
            using JsonDocument document = JsonDocument.Parse(bytes.ToArray());
            long time = document.RootElement.EnumerateObject().First().Value.GetInt64();
            if (!seen.TryGetValue(id.Address, out (long Time, DeviceId Device) other) || other.Time < time)
            {
                seen[id.Address] = (time, id);
            }
        });
        return seen;
    }

    private Task KeepAsync() => keep([.. _watched.Select(static one => string.Create(
        CultureInfo.InvariantCulture, $"{one.Key} {(int)one.Value.What} {(one.Value.There is { } there ? there ? 1 : 0 : -1)}"))]);

    private static SortedDictionary<MacAddress, Watched> Read(AlertOptions options, IEnumerable<string> kept)
    {
        SortedDictionary<MacAddress, Watched> watched = [];
        foreach (string line in kept)
        {
            string[] parts = line.Split(' ');
            if (parts.Length == 3 && MacAddress.TryParse(parts[0], out MacAddress address))
            {
                watched[address] = new((WatchFor)(parts[1][0] - '0') & WatchFor.Both, parts[2] switch { "1" => true, "0" => false, _ => null }, 0);
            }
        }
        foreach ((WatchFor what, MacAddress address) in options.Watched())
        {
            Watched one = watched.GetValueOrDefault(address);
            watched[address] = one with { What = one.What | what };
        }
        return watched;
    }

    private async ValueTask<Turn> TurnAsync()
    {
        await _turn.WaitAsync();
        return new(_turn);
    }

    private readonly record struct Turn(SemaphoreSlim Of) : IDisposable
    {
        public void Dispose() => Of.Release();
    }

    /// <summary>An address.</summary>
    /// <param name="There">Whether it was there when somebody looked last; null before.</param>
    /// <param name="Gone">When it was seen not to be there last, Unix seconds.</param>
    private readonly record struct Watched(WatchFor What, bool? There, long Gone);
}
