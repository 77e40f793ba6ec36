using KismetOrleans.Packets.Gps;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Gps;

/// <summary>The GPS of a process, each read by a task of its own. Thread-safe.</summary>
public sealed class GpsTracker(TimeProvider clock) : IGps, IAsyncDisposable
{
    // Each is a connection; a server at a desk has one or two, a car a few.
    private const int MaxUnits = 64;

    // A host that swallows packets answers later, or never: its record says so then.
    private static readonly TimeSpan s_firstAttempt = TimeSpan.FromSeconds(3);
    private readonly Lock _lock = new();
    private volatile Entry[] _units = [];

    public IReadOnlyList<GpsDriver> Drivers => GpsDrivers.All;

    public GeoPoint? Current
    {
        get
        {
            GeoPoint? best = null;
            int priority = 0;
            foreach (Entry entry in _units)
            {
                if (!entry.Unit.Definition.DataOnly && entry.Unit.Current is { } point
                    && (best is null || GpsChoice.IsBetter(entry.Unit.Priority, point.Fix, priority, best.Fix)))
                {
                    (best, priority) = (point, entry.Unit.Priority);
                }
            }
            return best;
        }
    }

    public ValueTask<IReadOnlyList<GpsRecord>> ListAsync(CancellationToken cancellation = default) => new([.. _units.Select(static entry => entry.Unit.Record)]);

    public async ValueTask<GpsRecord> AddAsync(string definition)
    {
        GpsUnit unit = Add(GpsDefinition.Parse(definition));
        await Task.WhenAny(unit.Tried.Task, Task.Delay(s_firstAttempt, clock));
        return unit.Record;
    }

    /// <summary>Looks whether one can be made, and makes none.</summary>
    /// <exception cref="GpsException">It cannot.</exception>
    public void Check(GpsDefinition definition) => _ = ReaderOf(new(definition, clock));

    /// <summary>Adds one and does not wait for it.</summary>
    /// <exception cref="GpsException">It cannot be made, or there is one already.</exception>
    public GpsUnit Add(GpsDefinition definition)
    {
        GpsUnit unit = new(definition, clock);
        GpsReader? reader = ReaderOf(unit);
        lock (_lock)
        {
            if (Array.Exists(_units, entry => entry.Unit.Uuid == unit.Uuid))
            {
                throw new GpsException($"gps '{definition.Text}': there is one of this definition or UUID already");
            }
            if (unit.Driver.Singleton && Array.Exists(_units, entry => entry.Unit.Driver == unit.Driver))
            {
                throw new GpsException($"gps '{definition.Text}': there is a {unit.Driver.Class} GPS already, and there can be one only");
            }
            if (_units.Length == MaxUnits)
            {
                throw new GpsException($"gps '{definition.Text}': there are {MaxUnits} already");
            }
            CancellationTokenSource stop = new();
            _units = [.. _units, new(unit, stop, reader is null ? Task.CompletedTask : Task.Run(() => reader.RunAsync(stop.Token)))];
        }
        return unit;
    }

    public async ValueTask<bool> RemoveAsync(Guid uuid)
    {
        Entry? removed;
        lock (_lock)
        {
            removed = Array.Find(_units, entry => entry.Unit.Uuid == uuid);
            _units = [.. _units.Where(entry => entry != removed)];
        }
        if (removed is not null)
        {
            await StopAsync(removed);
        }
        return removed is not null;
    }

    public ValueTask<bool> PostAsync(string kind, string? name, GeoPoint position)
    {
        foreach (Entry entry in _units)
        {
            if (entry.Unit.Driver.Class == kind && (name is null || entry.Unit.Definition.Name == name))
            {
                entry.Unit.Report(position);
                return new(true);
            }
        }
        return new(false);
    }

    public GeoPoint? Named(string name)
    {
        if (Array.Find(_units, entry => entry.Unit.Definition.Name == name) is { } found)
        {
            return found.Unit.Current;
        }
        try
        {
            _ = Add(GpsDefinition.Parse($"meta:name=\"{name}\""));
        }
        catch (GpsException)
        {
            // No name for a GPS, or there are too many already: then nothing is known of it.
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        Entry[] units;
        lock (_lock)
        {
            (units, _units) = (_units, []);
        }
        await Task.WhenAll(units.Select(StopAsync));
    }

    private static async Task StopAsync(Entry entry)
    {
        await entry.Stop.CancelAsync();
        await entry.Reading;
        entry.Stop.Dispose();
    }

    private GpsReader? ReaderOf(GpsUnit unit)
    {
        if (GpsReader.Of(unit.Definition, unit, clock) is { } reader)
        {
            return reader;
        }
        if (unit.Definition.Kind == GpsKind.Virtual)
        {
            unit.Report(unit.Definition.ReadPlace());
        }
        unit.Connected();
        return null;
    }

    private sealed record Entry(GpsUnit Unit, CancellationTokenSource Stop, Task Reading);
}
