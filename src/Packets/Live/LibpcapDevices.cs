using System.Net.NetworkInformation;
using KismetOrleans.Packets.Sources;
using SharpPcap;
using SharpPcap.LibPcap;

namespace KismetOrleans.Packets.Live;

/// <summary>A device that libpcap can capture from.</summary>
/// <param name="Name">What a source definition calls it.</param>
/// <param name="Description">What it is; null when unknown.</param>
/// <param name="IsUp">Whether it is up.</param>
/// <param name="IsWireless">Whether it is a radio.</param>
internal sealed record LibpcapDevice(string Name, string? Description, bool IsUp, bool IsWireless);

internal static class LibpcapDevices
{
    // PCAP_IF_UP and PCAP_IF_WIRELESS, pcap_findalldevs(3PCAP).
    private const uint FlagUp = 0x02;
    private const uint FlagWireless = 0x08;

    /// <summary>Lists the devices that this process may capture from.</summary>
    /// <exception cref="PacketSourceException">libpcap is missing or cannot tell.</exception>
    public static IReadOnlyList<LibpcapDevice> List() =>
        [.. All().Select(static one => new LibpcapDevice(one.Name, one.Description, (one.Flags & FlagUp) != 0, (one.Flags & FlagWireless) != 0))];

    /// <summary>The device of that name, which on Windows may be the one that its users know; null where there is none.</summary>
    /// <exception cref="PacketSourceException">libpcap is missing or cannot tell.</exception>
    internal static LibPcapLiveDevice? Find(string name)
    {
        IReadOnlyList<PcapInterface> all = All();
        PcapInterface? found = all.FirstOrDefault(one => one.Name == name) ?? all.FirstOrDefault(one => one.FriendlyName == name);
        return found is null ? null : new(found);
    }

    private static IReadOnlyList<PcapInterface> All() => Libpcap.Call(static () =>
    {
        try
        {
            return PcapInterface.GetAllPcapInterfaces();
        }
        // The latter two come from what SharpPcap asks besides: the addresses of the interfaces.
        catch (Exception e) when (e is PcapException or NetworkInformationException or InvalidOperationException)
        {
            throw new PacketSourceException($"libpcap cannot list the interfaces: {e.Message}", e);
        }
    });
}
