using System.Globalization;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Live;

/// <summary>How an interface is opened.</summary>
internal sealed record LibpcapSettings
{
    /// <summary>Bytes of a packet that are kept. 65,535 is more than any 802.11 frame with its radio header has.</summary>
    public int SnapLength { get; init; } = 65_535;

    /// <summary>Whether frames for others are wanted too, on interfaces that are not in monitor mode.</summary>
    public bool Promiscuous { get; init; } = true;

    /// <summary>Whether libpcap shall put the interface into monitor mode; one that already is needs no help.</summary>
    public bool Monitor { get; init; }

    /// <summary>Bytes of the kernel's ring: at 54 Mbit/s, 16 MiB bridge two seconds in which nobody reads.</summary>
    public int BufferBytes { get; init; } = 16 << 20;

    /// <summary>How long the kernel may hold packets back to hand over several at once.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>pcap-filter(7) expression that packets have to meet, in the kernel where it can; null for all packets.</summary>
    public string? Filter { get; init; }

    /// <summary>
    /// Settings from the options <c>monitor</c>, <c>promisc</c>, <c>snaplen</c>, <c>buffer</c> (bytes) and <c>filter</c> of a definition.
    /// </summary>
    /// <exception cref="PacketSourceException">An option's value is of no use.</exception>
    public static LibpcapSettings From(SourceDefinition definition)
    {
        var settings = new LibpcapSettings();
        return settings with
        {
            Monitor = Switch(definition, "monitor", settings.Monitor),
            Promiscuous = Switch(definition, "promisc", settings.Promiscuous),
            SnapLength = Number(definition, "snaplen", settings.SnapLength, Wire.Files.CaptureLimits.MaxPacketLength),
            BufferBytes = Number(definition, "buffer", settings.BufferBytes, int.MaxValue),
            Filter = definition.Filter,
        };
    }

    private static bool Switch(SourceDefinition definition, string key, bool otherwise) => definition.Options.GetValueOrDefault(key)?.ToLowerInvariant() switch
    {
        null => otherwise,
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        var text => throw new PacketSourceException($"source '{definition}': option {key}: '{text}' is neither true nor false"),
    };

    private static int Number(SourceDefinition definition, string key, int otherwise, int most) =>
        !definition.Options.TryGetValue(key, out string? text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0 && value <= most ? value
        : throw new PacketSourceException($"source '{definition}': option {key}: '{text}' is no number from 1 to {most}");
}
