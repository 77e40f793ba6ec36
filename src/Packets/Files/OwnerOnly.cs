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
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

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

    /// <summary>Takes from others what they may do with a file that is there.</summary>
    /// <returns>What is to be told of it; null where nothing was to be done.</returns>
    public static string? Tighten(string path) => File.Exists(path) ? Tighten(path, FileMode600) : null;

    /// <summary>
    /// Takes from others what they may do with a folder that is there, if all that is in it is ours. Any other, as <c>/tmp</c>, is only told of: who can write there can put a file of his in the
    /// place of one of ours.
    /// </summary>
    /// <param name="isOurs">Whether a file of this name is one of ours; null for a folder that is ours whatever it holds.</param>
    /// <returns>What is to be told of it; null where nothing was to be done.</returns>
    public static string? TightenFolder(string path, Func<string, bool>? isOurs = null)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(path))
        {
            return null;
        }
        UnixFileMode now = File.GetUnixFileMode(path);
        // A sticky bit says that it is everybody's on purpose.
        bool isAlone = !now.HasFlag(UnixFileMode.StickyBit)
            && (isOurs is null || Directory.EnumerateFileSystemEntries(path).All(entry => !Directory.Exists(entry) && isOurs(Path.GetFileName(entry))));
        return (now & Others) == 0 ? null
            : isAlone ? Tighten(path, FolderMode700)
            : $"{path} is open to other accounts of this machine, and is left so, since not all that is in it is this server's: a folder for it alone would be safer.";
    }

    private static string? Tighten(string path, UnixFileMode most)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & ~FolderMode700) == 0)
        {
            return null;
        }
        try
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) & most);
            return $"{path} was open to other accounts of this machine, and no longer is.";
        }
        catch (UnauthorizedAccessException e)
        {
            return $"{path} is open to other accounts of this machine, and that cannot be changed: {e.Message}";
        }
    }
}
