using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace KismetOrleans.Packets.Live;

/// <summary>
/// How a host's clock stands to the time since the host was started, which nobody sets (CLOCK_BOOTTIME). While the host runs that tells how far its clock was off at any moment, from how far it
/// is off now: a clock that was set right by the network after hours gives right times for these hours, too.
/// </summary>
/// <param name="Boot">Which start of which host: a hash of its boot_id.</param>
/// <param name="BaseNs">What the clock would have shown when the host was started, nanoseconds since 1970 UTC: changes only when the clock is set.</param>
public readonly partial record struct HostClock(ulong Boot, long BaseNs)
{
    // random(4): new at each start.
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    // clock_gettime(2).
    private const int BootTime = 7;
    private static readonly ulong s_boot = ReadBoot();

    /// <summary>Reads it.</summary>
    /// <param name="clock">The host's clock.</param>
    /// <returns>Null where the system does not tell.</returns>
    public static HostClock? Read(TimeProvider clock) =>
        s_boot != 0 && clock_gettime(BootTime, out Timespec since) == 0 ? new(s_boot, clock.NowNs() - ((long)since.Seconds * 1_000_000_000) - since.Nanoseconds) : null;

    private static ulong ReadBoot()
    {
        try
        {
            return OperatingSystem.IsLinux() && Environment.Is64BitProcess ? XxHash3.HashToUInt64(Encoding.ASCII.GetBytes(File.ReadAllText(BootIdFile).Trim())) : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
