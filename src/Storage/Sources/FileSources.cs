using KismetOrleans.Packets;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Storage.Sources;

/// <summary>From a definition to the source that it means: beside captures and interfaces the files that other programs keep devices in.</summary>
public static class FileSources
{
    /// <summary>Opens the source that <paramref name="definition"/> means.</summary>
    /// <exception cref="PacketSourceException">It cannot be opened; the message says why and what to do.</exception>
    public static IPacketSource Open(SourceDefinition definition, TimeProvider? time)
    {
        if (!PacketSources.IsFile(definition) || PacketSources.FileTypeOf(definition) is PacketSources.FileType)
        {
            return PacketSources.Open(definition, time);
        }
        if (definition.Filter is not null)
        {
            throw new PacketSourceException($"source '{definition}': option filter: only live interfaces can be filtered");
        }
        string path = definition.Interface;
        try
        {
            return PacketSources.Replay(
                PacketSources.FileTypeOf(definition) switch
                {
                    PacketSources.KismetDbType => new KismetDbReplay(path),
                    PacketSources.WigleType => new WigleReader(ListFile.Open(path)),
                    _ => new NetXmlReader(ListFile.Open(path)),
                },
                definition, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or SqliteFault or ArgumentException or NotSupportedException)
        {
            throw new PacketSourceException($"{path}: cannot be read: {(File.Exists(path) ? e.Message : "there is no such file")}", e);
        }
    }
}
