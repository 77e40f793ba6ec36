using System.IO.Compression;
using KismetOrleans.Packets.Files;

namespace KismetOrleans.Storage.Sources;

/// <summary>A text file, plain or gzipped, that knows how much of it was read.</summary>
internal sealed class ListFile : IDisposable
{
    private readonly FileStream _file;

    private ListFile(FileStream file, Stream text) => (_file, Text) = (file, text);

    public Stream Text { get; }
    public long Length => _file.Length;

    /// <summary>How many of them were read.</summary>
    public long Position => _file.Position;

    public static ListFile Open(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 65_536, FileOptions.SequentialScan);
        try
        {
            Span<byte> start = stackalloc byte[2];
            start = start[..(file.CanSeek ? file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) : 0)];
            file.Position = 0;
            return new(file, CaptureMagic.IsGzip(start) ? new GZipStream(file, CompressionMode.Decompress) : file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Text.Dispose();
        _file.Dispose();
    }
}
