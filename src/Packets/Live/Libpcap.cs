// pcap(3PCAP), libpcap 1.5 and later.
using System.Reflection;
using System.Runtime.InteropServices;
using KismetOrleans.Packets.Sources;
using SharpPcap.LibPcap;

namespace KismetOrleans.Packets.Live;

/// <summary>What SharpPcap leaves to its user: a missing library explained, and counters of packets that were dropped.</summary>
internal static partial class Libpcap
{
    private const string Library = "pcap";

    /// <summary>SharpPcap's names in SharpPcap's order: another copy of the library would not know the handles of this one.</summary>
    private static readonly string[] Names = ["libpcap.so", "libpcap.so.0", "libpcap.so.0.8", "libpcap.so.1", "libpcap.dylib", "wpcap"];

    static Libpcap() => NativeLibrary.SetDllImportResolver(typeof(Libpcap).Assembly, Resolve);

    /// <summary>Runs <paramref name="call"/> and says which package to install when there is no libpcap.</summary>
    /// <exception cref="PacketSourceException">libpcap is missing or too old.</exception>
    public static T Call<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException })
        {
            throw new PacketSourceException("live capture needs libpcap, which is not installed (Debian, Ubuntu: libpcap0.8; Fedora, Arch, Alpine: libpcap; "
                + "Windows: Npcap)", e);
        }
        catch (EntryPointNotFoundException e)
        {
            throw new PacketSourceException($"live capture needs libpcap 1.5 or later: {e.Message}", e);
        }
    }

    /// <summary>
    /// pcap_stats(3PCAP). SharpPcap 6.3.1 takes each counter for as long as a pointer, so that on 64-bit Linux it gives what the interface
    /// dropped for what the kernel did.
    /// </summary>
    [LibraryImport(Library, EntryPoint = "pcap_stats")]
    public static partial int Stats(PcapHandle handle, out Statistics statistics);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name == Library)
        {
            foreach (string candidate in Names)
            {
                if (NativeLibrary.TryLoad(candidate, out nint library))
                {
                    return library;
                }
            }
        }
        return 0;
    }

    /// <summary>struct pcap_stat; Windows writes three more numbers.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Statistics
    {
        public uint Received;
        public uint Dropped;
        public uint DroppedByInterface;
        private readonly uint _windows1;
        private readonly uint _windows2;
        private readonly uint _windows3;
    }
}
