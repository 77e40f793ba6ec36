using System.Runtime.InteropServices;
using System.Text;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Live;

/// <summary>A device that libpcap can capture from.</summary>
/// <param name="Name">What a source definition calls it.</param>
/// <param name="Description">What it is; null when unknown.</param>
/// <param name="IsUp">Whether it is up.</param>
/// <param name="IsWireless">Whether it is a radio.</param>
public sealed record LibpcapDevice(string Name, string? Description, bool IsUp, bool IsWireless);

/// <summary>The devices that libpcap knows.</summary>
public static class LibpcapDevices
{
    private const uint FlagUp = 0x02;
    private const uint FlagWireless = 0x08;

    /// <summary>More than any machine has; a broken list must not go round forever.</summary>
    private const int MaxDevices = 10_000;

    /// <summary>Lists the devices that this process may capture from.</summary>
    /// <exception cref="PacketSourceException">libpcap is missing or cannot tell.</exception>
    public static IReadOnlyList<LibpcapDevice> List() => Libpcap.Call(static () =>
    {
        byte[] error = new byte[Libpcap.ErrorBufferLength];
        if (Libpcap.FindAll(out nint first, error) != 0)
        {
            throw new PacketSourceException($"libpcap cannot list the interfaces: {Text(error)}");
        }
        try
        {
            var devices = new List<LibpcapDevice>();
            for (nint at = first; at != 0 && devices.Count < MaxDevices;)
            {
                Entry entry = Marshal.PtrToStructure<Entry>(at);
                devices.Add(new(Marshal.PtrToStringUTF8(entry.Name) ?? "", Marshal.PtrToStringUTF8(entry.Description),
                    (entry.Flags & FlagUp) != 0, (entry.Flags & FlagWireless) != 0));
                at = entry.Next;
            }
            return devices;
        }
        finally
        {
            Libpcap.FreeAll(first);
        }
    });

    /// <summary>The text of an error buffer.</summary>
    internal static string Text(byte[] error) => Encoding.UTF8.GetString(error.AsSpan(0, Math.Max(0, Array.IndexOf(error, (byte)0))));

    /// <summary>struct pcap_if.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public nint Next;
        public nint Name;
        public nint Description;
        public nint Addresses;
        public uint Flags;
    }
}
