using System.Text.RegularExpressions;
using KismetOrleans.Engine.Logging;
using KismetOrleans.Packets.Files;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Storage.Logs;

/// <summary>The files of one log: makes new ones, removes old ones. What is there already is never written over.</summary>
internal sealed class LogFiles(LogOptions options, LogDriver driver, string title, TimeProvider clock)
{
    // Logs of one second and title; whoever has more has something else in mind.
    private const int MaxNumber = 100_000;

    private const int Buffer = 1 << 16;
    private readonly Regex _name = LogTemplate.NameOf(options, title, driver.Class);

    /// <summary>Makes a new file.</summary>
    /// <exception cref="LogException">It cannot be made.</exception>
    public FileStream Create()
    {
        DateTimeOffset now = clock.GetLocalNow();
        string? before = null;
        for (int number = 1; number <= MaxNumber; number++)
        {
            string path = Path.GetFullPath(LogTemplate.Path(options, title, driver.Class, now, number));
            if (path == before)
            {
                throw new LogException($"{path} is there already, and the template has no %i");
            }
            before = path;
            try
            {
                OwnerOnly.CreateFolder(Path.GetDirectoryName(path)!);
                return OwnerOnly.Open(path, FileMode.CreateNew, FileShare.ReadWrite, Buffer);
            }
            catch (IOException) when (File.Exists(path))
            {
                // The next number may be free.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw new LogException(e.Message, e);
            }
        }
        throw new LogException($"{before} and all before it are there already");
    }

    /// <summary>Removes files that are too many or too old: of this kind and title, in the folder of <paramref name="open"/>, but never that one.</summary>
    /// <returns>What was removed.</returns>
    public IReadOnlyList<string> Retain(string open)
    {
        if (options.KeepFiles == 0 && options.KeepFor == TimeSpan.Zero)
        {
            return [];
        }
        DateTime oldest = options.KeepFor == TimeSpan.Zero ? DateTime.MinValue : clock.GetUtcNow().UtcDateTime - options.KeepFor;
        FileInfo[] files = [.. Existing(Path.GetDirectoryName(open)!)
            .Where(file => file.FullName != open).OrderByDescending(static file => file.LastWriteTimeUtc).ThenByDescending(static file => file.Name)];
        List<string> removed = [];
        for (int i = 0; i < files.Length; i++)
        {
            if ((options.KeepFiles > 0 && i + 2 > options.KeepFiles) || files[i].LastWriteTimeUtc < oldest)
            {
                files[i].Delete();
                removed.Add(files[i].FullName);
            }
        }
        return removed;
    }

    /// <summary>Takes the files that are there, of this kind and title, from other accounts; earlier servers made them for everybody.</summary>
    /// <returns>What is to be told of each that others could read.</returns>
    public IEnumerable<string> Tighten() =>
        Directory.Exists(Folder) ? Existing(Folder).Select(static file => OwnerOnly.Tighten(file.FullName)).OfType<string>() : [];

    public string Folder => Path.GetDirectoryName(Path.GetFullPath(LogTemplate.Path(options, title, driver.Class, clock.GetLocalNow(), 1)))!;

    /// <summary>Whether a file of this name is one of this kind and title.</summary>
    public bool IsOurs(string name) => _name.IsMatch(name);

    private IEnumerable<FileInfo> Existing(string folder) => new DirectoryInfo(folder).EnumerateFiles().Where(file => IsOurs(file.Name));
}
