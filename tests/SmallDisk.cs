using System.Diagnostics;

namespace KismetOrleans.Tests;

/// <summary>A file system of a few bytes, in memory, that can be filled.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly Lazy<string?> s_missing = new(FindMissing);

    /// <param name="bytes">Its size.</param>
    public SmallDisk(long bytes)
    {
        Path = Directory.CreateTempSubdirectory("ko-disk-").FullName;
        if (!Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "tmpfs", Path))
        {
            throw new InvalidOperationException(s_missing.Value);
        }
    }

    /// <summary>Why there are none; null where there are.</summary>
    public static string? Missing => s_missing.Value;

    /// <summary>Its folder.</summary>
    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Takes all room that is left.</summary>
    public void Fill()
    {
        using FileStream filler = new(Filler, FileMode.Append, FileAccess.Write, FileShare.None, 0);
        byte[] page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        _ = Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static string? FindMissing()
    {
        try
        {
            using SmallDisk disk = new(1 << 16);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "A file system cannot be mounted here: that needs Linux and root's powers.";
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}

/// <summary>A test that is skipped, with a note, where no file system can be mounted.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Missing;
}
