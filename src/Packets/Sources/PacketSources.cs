using KismetOrleans.Packets.Live;

namespace KismetOrleans.Packets.Sources;

/// <summary>From a definition to the source that it means.</summary>
public static class PacketSources
{
    /// <summary>Value of the option <c>type</c> that means a capture file.</summary>
    public const string FileType = "pcapfile";

    /// <summary>
    /// After so long without a packet a source gives an empty batch. What is told of a source may be a second old, and whoever tells it needs
    /// time too.
    /// </summary>
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromMilliseconds(250);

    private static readonly string[] Extensions = [".pcap", ".pcapng", ".cap", ".dump", ".ntar", ".gz"];

    /// <summary>Whether a definition means a capture file: by its type, else because there is such a file, else because it is named like one.</summary>
    public static bool IsFile(SourceDefinition definition) => definition.Type is { } type
        ? type.Equals(FileType, StringComparison.OrdinalIgnoreCase)
        : File.Exists(definition.Interface) || definition.Interface.AsSpan().ContainsAny('/', '\\')
            || Extensions.Contains(Path.GetExtension(definition.Interface), StringComparer.OrdinalIgnoreCase);

    /// <summary>Opens the source that <paramref name="definition"/> means.</summary>
    /// <param name="definition">File or network interface, with its options.</param>
    /// <param name="time">Clock of replays; null for the system's.</param>
    /// <exception cref="PacketSourceException">It cannot be opened; the message says why and what to do.</exception>
    public static IPacketSource Open(SourceDefinition definition, TimeProvider? time = null) =>
        !IsFile(definition) ? new LibpcapSource(definition.Interface, LibpcapSettings.From(definition))
        : definition.Filter is null ? new FilePacketSource(definition.Interface, definition.Realtime, definition.PacketsPerSecond, time)
        : throw new PacketSourceException($"source '{definition}': option filter: only live interfaces can be filtered");
}
