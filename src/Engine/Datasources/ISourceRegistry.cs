using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Engine.Datasources;

/// <summary>The server's datasources, with what feeds them from outside.</summary>
public interface ISourceRegistry : ISourceDirectory
{
    /// <summary>The datasource of a sensor, made at first sight.</summary>
    ValueTask<IDatasource> RemoteAsync(Guid uuid);

    /// <summary>The datasource of a UUID that is fed over the network and connected; null when there is none or it is fed otherwise.</summary>
    ValueTask<IDatasource?> FindRemoteAsync(Guid uuid);

    /// <summary>The number of the virtual datasource of a phone or ESP32, made at first sight; renamed when it calls itself otherwise.</summary>
    /// <param name="owner">Name of the key that it came with, "" for none.</param>
    /// <exception cref="NoSourceNumberException">There is none left.</exception>
    ValueTask<ushort> VirtualAsync(Guid uuid, string name, VirtualKind kind, string owner);

    /// <summary>Forgets a datasource that nothing feeds, with its number and the mark of what it has delivered; one that comes back is a new one.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<string?> RemoveAsync(DatasourceRecord source);

    /// <summary>Counts reports of virtual datasources, by number: for their rates, and where there is no store, whose journal counts them, for their counts.</summary>
    ValueTask CountAsync(IReadOnlyList<KeyValuePair<ushort, int>> reports);
}

/// <summary>What a virtual datasource reports.</summary>
public enum VirtualKind : byte
{
    /// <summary>Wi-Fi access points.</summary>
    WiFi,

    Bluetooth,
}
