// pcap(3PCAP), libpcap 1.5 and later.
using System.Reflection;
using System.Runtime.InteropServices;
using KismetOrleans.Packets.Sources;
using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Packets.Live;

/// <summary>The functions of libpcap that live capture needs.</summary>
internal static partial class Libpcap
{
    /// <summary>PCAP_ERRBUF_SIZE.</summary>
    public const int ErrorBufferLength = 256;

    public const int PrecisionNano = 1;

    public const int ErrorNoSuchDevice = -5;
    public const int ErrorMonitorUnsupported = -6;
    public const int ErrorPermission = -8;
    public const int ErrorInterfaceDown = -9;
    public const int ErrorPromiscuousPermission = -11;

    private const string Library = "pcap";

    /// <summary>Debian and Ubuntu kept the number of 1990s; Fedora, Arch and Alpine have 1; the bare name comes with development files.</summary>
    private static readonly string[] Names = ["libpcap.so.1", "libpcap.so.0.8", "libpcap.so", "libpcap.dylib", "libpcap.A.dylib", "wpcap"];

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

    [LibraryImport(Library, EntryPoint = "pcap_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibpcapHandle Create(string source, [Out] byte[] error);

    [LibraryImport(Library, EntryPoint = "pcap_set_snaplen")]
    public static partial int SetSnapLength(LibpcapHandle handle, int octets);

    [LibraryImport(Library, EntryPoint = "pcap_set_promisc")]
    public static partial int SetPromiscuous(LibpcapHandle handle, int on);

    [LibraryImport(Library, EntryPoint = "pcap_set_rfmon")]
    public static partial int SetMonitor(LibpcapHandle handle, int on);

    [LibraryImport(Library, EntryPoint = "pcap_set_timeout")]
    public static partial int SetTimeout(LibpcapHandle handle, int milliseconds);

    [LibraryImport(Library, EntryPoint = "pcap_set_buffer_size")]
    public static partial int SetBufferSize(LibpcapHandle handle, int octets);

    [LibraryImport(Library, EntryPoint = "pcap_set_tstamp_precision")]
    public static partial int SetPrecision(LibpcapHandle handle, int precision);

    [LibraryImport(Library, EntryPoint = "pcap_get_tstamp_precision")]
    public static partial int GetPrecision(LibpcapHandle handle);

    [LibraryImport(Library, EntryPoint = "pcap_activate")]
    public static partial int Activate(LibpcapHandle handle);

    [LibraryImport(Library, EntryPoint = "pcap_setnonblock")]
    public static partial int SetNonBlocking(LibpcapHandle handle, int on, [Out] byte[] error);

    [LibraryImport(Library, EntryPoint = "pcap_datalink")]
    public static partial int DataLink(LibpcapHandle handle);

    [LibraryImport(Library, EntryPoint = "pcap_next_ex")]
    public static partial int Next(LibpcapHandle handle, out nint header, out nint octets);

    [LibraryImport(Library, EntryPoint = "pcap_stats")]
    public static partial int Stats(LibpcapHandle handle, out Statistics statistics);

    [LibraryImport(Library, EntryPoint = "pcap_geterr")]
    private static partial nint GetError(LibpcapHandle handle);

    [LibraryImport(Library, EntryPoint = "pcap_close")]
    internal static partial void Close(nint handle);

    [LibraryImport(Library, EntryPoint = "pcap_findalldevs")]
    public static partial int FindAll(out nint first, [Out] byte[] error);

    [LibraryImport(Library, EntryPoint = "pcap_freealldevs")]
    public static partial void FreeAll(nint first);

    /// <summary>What went wrong in the last call on <paramref name="handle"/>.</summary>
    public static string ErrorOf(LibpcapHandle handle) => Marshal.PtrToStringUTF8(GetError(handle)) ?? "unknown error";

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name == Library)
        {
            foreach (string candidate in Names)
            {
                if (NativeLibrary.TryLoad(candidate, assembly, path, out nint library))
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

/// <summary>A pcap_t.</summary>
internal sealed class LibpcapHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libpcap.Close(handle);
        return true;
    }
}
