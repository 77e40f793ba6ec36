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
        NativeLibrary.SetDllImportResolver(provider, (name, assembly, path) => name == Bundled ? handle : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        return raw.sqlite3_libversion().utf8_to_string();
    }

    private static int VersionOf(nint library) => NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out nint function)
        ? Marshal.GetDelegateForFunctionPointer<VersionNumber>(function)()
        : 0;
}
