using System.Globalization;
using KismetOrleans.Packets.Files;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Silo.Hosting;

/// <summary>Where the embedded server keeps its state.</summary>
/// <param name="File">The SQLite file; null for memory.</param>
/// <param name="Reason">Why memory; "" where it was asked for, and for a file.</param>
/// <param name="Unexpected">The user would expect a file, and should be warned.</param>
/// <param name="OwnFolder">The file lies in a folder for this server's state alone.</param>
public sealed record StoragePlace(string? File, string Reason = "", bool Unexpected = false, bool OwnFolder = false)
{
    /// <summary>Key of the file in the configuration; <c>none</c> for memory.</summary>
    internal const string Key = "Storage:Sqlite";

    private const string None = "none";

    /// <summary>
    /// The file that the configuration names. Without any: memory for a replay, which would count its files once more at each start; else a file by
    /// the server's port in systemd's folder for state or the user's, made where there is none.
    /// </summary>
    /// <param name="environment">Value of an environment variable.</param>
    /// <exception cref="ArgumentException">The address to serve at is none.</exception>
    internal static StoragePlace Choose(IConfiguration configuration, Func<string, string?> environment)
    {
        if (configuration[Key] is { Length: > 0 } given)
        {
            return new(given == None ? null : given);
        }
        if (CaptureArguments.Of(configuration).Any(IsFile))
        {
            return new(null, "a replay begins anew with each start");
        }
        string? folder = FolderOf(environment);
        string port = PortOf(configuration[WebHostDefaults.ServerUrlsKey] ?? Startup.DefaultUrl);
        return folder is null ? new(null, "there is neither STATE_DIRECTORY nor a home folder", Unexpected: true)
            : port == "0" ? new(null, "a port of the system's choice is another one at each start")
            : Denial(folder) is { } denial ? new(null, denial, Unexpected: true)
            : new(Path.Combine(folder, $"server-{port}.db"), OwnFolder: true);
    }

    private static bool IsFile(string definition) => SourceDefinition.TryParse(definition, out SourceDefinition? parsed, out _) && PacketSources.IsFile(parsed);

    // systemd may give several folders, separated by colons. What is not absolute does not count, says the XDG specification.
    private static string? FolderOf(Func<string, string?> environment) =>
        environment("STATE_DIRECTORY") is { Length: > 0 } state ? Path.GetFullPath(state.Split(':')[0])
        : environment("XDG_STATE_HOME") is { } home && Path.IsPathRooted(home) ? Path.Combine(home, "kismetorleans")
        : environment("HOME") is { } user && Path.IsPathRooted(user) ? Path.Combine(user, ".local", "state", "kismetorleans")
        : null;

    private static string PortOf(string urls)
    {
        try
        {
            return BindingAddress.Parse(urls.Split(';')[0].Trim()).Port.ToString(CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            throw new ArgumentException($"--urls: '{urls}' is no address to serve at; {Startup.DefaultUrl} is");
        }
    }

    // Why nothing can be written there; null where it can.
    private static string? Denial(string folder)
    {
        try
        {
            // The mode is what XDG's base directories ask for, section "Referencing this specification".
            OwnerOnly.CreateFolder(folder);
            using FileStream probe = new(
                Path.Combine(folder, $".probe-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"nothing can be written to {folder} ({e.Message})";
        }
    }
}
