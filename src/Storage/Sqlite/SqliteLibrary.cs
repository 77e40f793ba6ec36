using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace KismetOrleans.Storage.Sqlite;

/// <summary>Which SQLite this process uses: the system's where that is newer than the one that comes with the server.</summary>
internal static class SqliteLibrary
{
    private const string Bundled = "e_sqlite3";

    // What Linux, macOS and Windows call theirs.
    private static readonly string[] s_system = ["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3.dll"];
    private static readonly Lazy<string> s_version = new(Load);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int DeserializeCall(nint database, byte[] schema, nint data, long size, long capacity, uint flags);

    private static DeserializeCall? s_deserialize;

    /// <summary>Whether a database in memory can be attached; not every build of SQLite has that.</summary>
    public static bool CanAttach => Use() is not null && s_deserialize is not null;

    /// <summary>Has a connection take a database in memory for the schema of a name, instead of the one that it has there.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="schema">Name of the schema, UTF-8 with a zero.</param>
    /// <param name="data">The database; it is read only, and must remain until the connection takes another or is closed.</param>
    /// <param name="size">Its octets.</param>
    /// <returns>SQLite's code.</returns>
    public static int Attach(sqlite3 database, byte[] schema, nint data, long size)
    {
        // SQLITE_DESERIALIZE_READONLY
        const uint readOnly = 4;
        return s_deserialize!(database.DangerousGetHandle(), schema, data, size, size, readOnly);
    }

    /// <summary>Loads it, once.</summary>
    /// <returns>Its version.</returns>
    /// <exception cref="StorageException">There is none.</exception>
    public static string Use() => s_version.Value;

    private static string Load()
    {
        Assembly provider = typeof(SQLite3Provider_e_sqlite3).Assembly;
        (nint handle, int version) = NativeLibrary.TryLoad(Bundled, provider, null, out nint bundled) ? (bundled, VersionOf(bundled)) : default;
        foreach (string name in s_system)
        {
            if (NativeLibrary.TryLoad(name, out nint system) && VersionOf(system) is int systemVersion && systemVersion > version)
            {
                (handle, version) = (system, systemVersion);
                break;
            }
        }
        if (handle == 0)
        {
            throw new StorageException("There is no SQLite: neither the server's own fits this machine, nor has the system one (Debian: libsqlite3-0).");
        }
        if (NativeLibrary.TryGetExport(handle, "sqlite3_deserialize", out nint deserialize))
        {
            s_deserialize = Marshal.GetDelegateForFunctionPointer<DeserializeCall>(deserialize);
        }
        NativeLibrary.SetDllImportResolver(provider, (name, assembly, path) => name == Bundled ? handle : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        return raw.sqlite3_libversion().utf8_to_string();
    }

    private static int VersionOf(nint library) => NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out nint function)
        ? Marshal.GetDelegateForFunctionPointer<VersionNumber>(function)()
        : 0;
}
