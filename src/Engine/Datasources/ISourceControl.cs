using KismetOrleans.Packets.Live;
using KismetOrleans.Records.Datasources;

namespace KismetOrleans.Engine.Datasources;

/// <summary>What datasources can be told, wherever they capture.</summary>
public interface ISourceControl
{
    /// <summary>Adds a source that this server opens itself.</summary>
    /// <param name="definition">As on the command line: <c>interface:option=value,…</c>.</param>
    /// <returns>Its record, once it is open.</returns>
    /// <exception cref="SourceException">It cannot be opened, and nothing was added; the message says why and what to do instead.</exception>
    ValueTask<DatasourceRecord> AddAsync(string definition);

    /// <summary>Tells a source to do something; completes when it is done. What nobody waits for any more may be done all the same.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<string?> OrderAsync(DatasourceRecord source, SensorOrder order, CancellationToken cancellation = default);

    /// <summary>Forgets a source that nothing feeds any more; one that comes back is a new one.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<string?> RemoveAsync(DatasourceRecord source);

    /// <summary>Interfaces that could capture: of this server where it captures itself, and of the hosts of agents that are connected.</summary>
    /// <param name="all">Those too that are no Wi-Fi radios.</param>
    ValueTask<IReadOnlyList<CaptureInterface>> InterfacesAsync(bool all);
}

/// <summary>A source cannot be made of what was given.</summary>
public sealed class SourceException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What is the same for sources on all hosts.</summary>
public static class SensorControl
{
    /// <summary>Tells a sensor to do something.</summary>
    public static async ValueTask<string?> OrderAsync(ISourceRegistry sources, DatasourceRecord source, SensorOrder order, CancellationToken cancellation) =>
        await sources.FindRemoteAsync(source.Uuid) is { } remote ? await remote.OrderAsync(order, cancellation)
        : source.Remote ? "the sensor is not connected"
        : "this source is fed otherwise and takes no orders: only sources of this server and of capture agents do";

    /// <summary>Interfaces of the hosts of connected agents, each once a host.</summary>
    /// <param name="all">Those too that are no Wi-Fi radios.</param>
    public static IEnumerable<CaptureInterface> Interfaces(IReadOnlyList<DatasourceRecord> sources, bool all)
    {
        HashSet<(string Host, string Name)> listed = [];
        foreach (DatasourceRecord source in sources)
        {
            if (!source.Remote || !source.Running)
            {
                continue;
            }
            foreach (string text in source.HostInterfaces)
            {
                HostInterface found = HostInterface.FromText(text);
                if ((all || found.IsWireless) && listed.Add((source.RemoteAddress, found.Name)))
                {
                    DatasourceRecord? user = sources.FirstOrDefault(
                        other => other is { Remote: true, Running: true } && other.RemoteAddress == source.RemoteAddress && other.Interface == found.Name);
                    yield return new()
                    {
                        Interface = found.Name,
                        Hardware = found.Hardware,
                        IsWireless = found.IsWireless,
                        Host = source.RemoteAddress,
                        Version = source.Version,
                        Driver = source.Driver,
                        InUse = user?.Uuid ?? Guid.Empty,
                    };
                }
            }
        }
    }
}
