using KismetOrleans.Engine.Operations;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Silo.Operations;

/// <summary>The embedded server's file can be written, and what waits in its log has room in the file.</summary>
internal sealed partial class DiskCheck(SqliteStorage storage, ILogger<DiskCheck> logger) : IReadinessCheck
{
    // SQLite copies its log of 16 MB into the file some time after it was written: a disk with less is full, though writing goes on for a while.
    private const long LeastFree = 16_000_000;
    private int _isReported;

    public string Name => "disk";

    public ValueTask<string?> CheckAsync(CancellationToken cancellation)
    {
        long free = new DriveInfo(storage.Path).AvailableFreeSpace;
        bool isLow = free < LeastFree;
        if (Interlocked.Exchange(ref _isReported, isLow ? 1 : 0) == 0 && isLow)
        {
            Low(logger, storage.Path, free, LeastFree);
        }
        return new(storage.Trouble is { } trouble ? $"{storage.Path} cannot be written: {trouble}"
            : isLow ? $"the disk of {storage.Path} has {free} bytes left, of {LeastFree} that are wanted"
            : null);
    }

    [LoggerMessage(1, LogLevel.Error, "The disk of {path} has {free} bytes left; the server is not ready below {least}")]
    private static partial void Low(ILogger logger, string path, long free, long least);
}
