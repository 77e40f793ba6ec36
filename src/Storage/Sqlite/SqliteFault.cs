using SQLitePCL;

namespace KismetOrleans.Storage.Sqlite;

internal sealed class SqliteFault(int code, string message) : Exception($"SQLite: {message} ({code})")
{
    /// <summary>Whether waiting may help: the disk is full or does not answer, or somebody looks into the file with another tool.</summary>
    public bool IsPassing => (code & 0xFF) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM or raw.SQLITE_IOERR or raw.SQLITE_FULL
        or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL;
}
