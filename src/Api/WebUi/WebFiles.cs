using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;

namespace KismetOrleans.Api.WebUi;

/// <summary>
/// The browser's side as it was built (src/Web): each file once in memory, with the compressed forms that stand beside it. A path is looked up, never
/// opened, so that no path leads out of the folder.
/// </summary>
internal sealed class WebFiles
{
    /// <summary>The page that all others are parts of.</summary>
    public const string Index = "index.html";

    // More than the pages ever need; it bounds what a wrong folder costs.
    private const long MaxBytes = 64 * 1024 * 1024;
    private readonly FrozenDictionary<string, WebFile> _files;

    private WebFiles(Dictionary<string, WebFile> files) => _files = files.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The folder beside the program that the build fills.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "web");

    /// <summary>Whether the pages were built.</summary>
    public bool AreBuilt => _files.ContainsKey(Index);

    /// <summary>Reads a folder; none is one without files.</summary>
    /// <exception cref="ArgumentException">It has more than belongs there.</exception>
    public static WebFiles Read(string folder)
    {
        Dictionary<string, WebFile> files = new(StringComparer.Ordinal);
        FileExtensionContentTypeProvider types = new();
        long bytes = 0;
        foreach (string path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories) : [])
        {
            bytes += new FileInfo(path).Length;
            if (bytes > MaxBytes)
            {
                throw new ArgumentException($"{folder}: more than {MaxBytes} bytes");
            }
            string name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (name.EndsWith(".br", StringComparison.Ordinal) || name.EndsWith(".gz", StringComparison.Ordinal))
            {
                continue;
            }
            byte[] content = File.ReadAllBytes(path);
            files[name] = new(
                content, Beside(path + ".br"), Beside(path + ".gz"), types.TryGetContentType(name, out string? type) ? type : "application/octet-stream",
                $"\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12))}\"", IsImmutable: name.StartsWith("assets/", StringComparison.Ordinal));
        }
        return new(files);
    }

    /// <summary>The file of a path below the folder; null when there is none.</summary>
    public WebFile? Find(string path) => _files.GetValueOrDefault(path);

    private static byte[]? Beside(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}

/// <param name="Brotli">Compressed (RFC 7932); null where it was not worth it.</param>
/// <param name="Gzip">Compressed (RFC 1952); null where it was not worth it.</param>
/// <param name="IsImmutable">Its name changes with its content.</param>
internal sealed record WebFile(byte[] Content, byte[]? Brotli, byte[]? Gzip, string ContentType, string Tag, bool IsImmutable);
