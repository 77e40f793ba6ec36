using System.Diagnostics;
using System.Runtime.InteropServices;

namespace KismetOrleans.Records.Fields;

/// <summary>What the calling thread has had of the processor: it stands still while others have it.</summary>
internal static class ThreadTime
{
    // CLOCK_THREAD_CPUTIME_ID of clock_gettime(2) on Linux.
    private const int ThreadProcessorTime = 3;

    /// <summary>The time so far; elsewhere than on Linux, that of the wall.</summary>
    public static TimeSpan Now => OperatingSystem.IsLinux() && GetTime(ThreadProcessorTime, out Timespec time) == 0
        ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / TimeSpan.NanosecondsPerTick))
        : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
