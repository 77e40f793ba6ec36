using Microsoft.Win32.SafeHandles;

namespace KismetOrleans.Packets.Files;

/// <summary>
/// Files and folders of whoever runs the program, and nobody else: who was where is nobody else's business, and what signs sessions less. On Windows what a folder
/// hands down holds.
/// </summary>
public static class OwnerOnly
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, and those above it that are missing.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            // .NET gives the mode to the last one alone.
            if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)) is { Length: > 0 } above)
            {
                CreateFolder(above);
            }
            _ = Directory.CreateDirectory(path, FolderMode700);
        }
    }

    /// <summary>Opens a file, which is the owner's alone when this makes it.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share, int buffer = 1, FileOptions options = FileOptions.None)
    {
        FileStreamOptions open = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = buffer, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            open.UnixCreateMode = FileMode600;
        }
        return new(path, open);
    }

    /// <summary>Opens a file without a buffer, as <see cref="Open"/> does.</summary>
    public static SafeFileHandle OpenHandle(string path, FileMode mode, FileShare share)
    {
        // A handle has no mode of its own in .NET.
        Open(path, mode, share).Dispose();
        return File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, share);
    }

    /// <summary>Takes from others what they may do with a file or a folder that is there.</summary>
    /// <returns>What is to be told of it; null where nothing was to be done.</returns>
    public static string? Tighten(string path)
    {
        bool isFolder = Directory.Exists(path);
        if (OperatingSystem.IsWindows() || (!isFolder && !File.Exists(path)))
        {
            return null;
        }
        UnixFileMode most = isFolder ? FolderMode700 : FileMode600;
        UnixFileMode now = File.GetUnixFileMode(path);
        // A folder with a sticky bit, as /tmp, is everybody's on purpose.
        if ((now & ~FolderMode700) == 0 || (isFolder && now.HasFlag(UnixFileMode.StickyBit)))
        {
            return null;
        }
        try
        {
            File.SetUnixFileMode(path, now & most);
            return $"{path} could be read by other accounts of this machine, and no longer is.";
        }
        catch (UnauthorizedAccessException e)
        {
            return $"{path} can be read by other accounts of this machine, and that cannot be changed: {e.Message}";
        }
    }
}
