using System.Collections.Concurrent;
using KismetOrleans.Capture.Edge;
using KismetOrleans.Capture.Sources;
using KismetOrleans.Grains.Datasources;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Api.Hosting;

/// <summary>The sources that this server opens itself, and what they and those of agents can be told.</summary>
public sealed class LocalSources(EmbeddedBackend backend, TimeProvider clock, ILogger logger) : ISourceControl, IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, SourceRunner> _runners = new();
    private readonly SemaphoreSlim _adding = new(1);

    /// <summary>Adds a source of the command line or the settings, and opens it; returns before it is open.</summary>
    public void Start(string definition)
    {
        SourceRunner runner = new(definition, backend, clock, logger);
        _runners[runner.Record.Uuid] = runner;
        _ = runner.OpenAsync();
    }

    /// <inheritdoc/>
    public async ValueTask<DatasourceRecord> AddAsync(string definition)
    {
        if (!SourceDefinition.TryParse(definition, out SourceDefinition? parsed, out string? wrong))
        {
            throw new SourceException(wrong);
        }
        if (parsed.Type is { } type && SourceDrivers.All.All(driver => !driver.Type.Equals(type, StringComparison.OrdinalIgnoreCase)))
        {
            throw new SourceException($"source '{definition}': there is no driver '{type}'; {string.Join(", ", SourceDrivers.All.Select(static d => d.Type))} are");
        }
        if (parsed.Type is null && !PacketSources.IsFile(parsed) && HostInterfaces.List() is { Count: > 0 } interfaces
            && interfaces.All(one => one.Interface != parsed.Interface))
        {
            throw new SourceException($"source '{definition}': there is neither an interface nor a file of this name; type=linuxwifi tries it all the same");
        }
        await _adding.WaitAsync();
        try
        {
            Guid uuid = SourceRunner.UuidOf(definition, parsed);
            if (_runners.TryGetValue(uuid, out SourceRunner? known))
            {
                // A script that adds its source again, after it failed or was read to its end, wants it read.
                return known.IsReading
                    ? throw new SourceException($"source '{definition}': there is one of this interface, file or UUID already ({uuid})")
                    : await known.ReopenAsync();
            }
            SourceRunner runner = new(definition, backend, clock, logger);
            _runners[uuid] = runner;
            _ = await runner.OpenAsync();
            return runner.Record;
        }
        finally
        {
            _ = _adding.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> OrderAsync(DatasourceRecord source, SensorOrder order) =>
        _runners.TryGetValue(source.Uuid, out SourceRunner? runner)
            ? await runner.OrderAsync(order)
            : await SensorControl.OrderAsync(backend.Sources, source, order);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CaptureInterface>> InterfacesAsync()
    {
        IReadOnlyList<DatasourceRecord> sources = backend.Sources.All;
        IEnumerable<CaptureInterface> here = HostInterfaces.List().Select(found => found with
        {
            Driver = SourceDrivers.Libpcap,
            InUse = sources.FirstOrDefault(source => source is { Remote: false, Running: true } && source.Interface == found.Interface)?.Uuid ?? Guid.Empty,
        });
        return new([.. here, .. SensorControl.Interfaces(sources)]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_runners.Values.Select(static runner => runner.StopAsync()));
        _adding.Dispose();
    }
}
