using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// Tells the system which parts of a file will be read soon, so that it fetches them together: of a thousand small reads that lie all over a large
/// file, each would else wait for the disk (bench/RESULTS.md). A hint and no more: nothing happens where the system has none.
/// </summary>
internal static class ReadAhead
{
    // posix_fadvise(2): POSIX_FADV_WILLNEED.
    private const int WillNeed = 3;

    private static volatile bool s_none = !OperatingSystem.IsLinux() || !Environment.Is64BitProcess;

    /// <summary>Has a part fetched; does not wait for it.</summary>
    public static void Hint(SafeFileHandle file, long offset, long bytes)
    {
        if (s_none)
        {
            return;
        }
        try
        {
            _ = Advise(file, offset, bytes, WillNeed);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            s_none = true;
        }
    }

    [DllImport("libc", EntryPoint = "posix_fadvise")]
    private static extern int Advise(SafeFileHandle file, long offset, long bytes, int advice);
}
