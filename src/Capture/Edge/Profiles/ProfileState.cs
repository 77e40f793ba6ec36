using System.Text.Json;
using KismetOrleans.Packets.Files;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Edge.Profiles;

/// <summary>What an agent keeps of profiles, so that a restart begins with what held before. Replaced, never changed.</summary>
/// <param name="Current">What holds.</param>
/// <param name="Former">What held before and is taken back to when no server is reached with <paramref name="Current"/>; null once one was.</param>
/// <param name="Refused">The newest one that was not taken, and is not tried again; null for none.</param>
/// <param name="Error">Why, with its name; "" for none.</param>
/// <param name="IsRolledBack">Whether it was applied and taken back.</param>
internal sealed record ProfileState(Profile Current, Profile? Former, Profile? Refused, string Error, bool IsRolledBack)
{
    /// <summary>An agent that was never given any.</summary>
    public static readonly ProfileState Empty = new(Profile.None, null, null, "", false);

    private const string FileName = "profile.json";

    /// <summary>What the server is told.</summary>
    public ProfileReport Report => new(
        Former is not null ? ProfileStage.Trial
            : Refused is not null ? IsRolledBack ? ProfileStage.RolledBack : ProfileStage.Failed
            : Current.Name.Length > 0 ? ProfileStage.Applied : ProfileStage.None,
        Current.Name, Current.Version, Error);

    /// <summary>Reads what <see cref="Save"/> wrote; <see cref="Empty"/> where there is none.</summary>
    /// <param name="folder">Folder of the spools.</param>
    /// <param name="warning">What is to be told of it.</param>
    public static ProfileState Load(string folder, out string? warning)
    {
        string path = Path.Combine(folder, FileName);
        warning = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            return new(
                Read(root.GetProperty("current")) ?? Profile.None, Read(root.GetProperty("former")), Read(root.GetProperty("refused")),
                root.GetProperty("error").GetString() ?? "", root.GetProperty("rolled_back").GetBoolean());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            warning = $"{path} cannot be read, and what the agent was started with holds until the server says otherwise: {e.Message}";
            return Empty;
        }
    }

    /// <summary>Writes it, as a whole or not at all.</summary>
    /// <returns>Null, or why it could not be.</returns>
    public string? Save(string folder)
    {
        string path = Path.Combine(folder, FileName);
        string fresh = path + ".new";
        try
        {
            OwnerOnly.CreateFolder(folder);
            using (FileStream file = OwnerOnly.Open(fresh, FileMode.Create, FileShare.None))
            {
                using (Utf8JsonWriter json = new(file, new() { Indented = true }))
                {
                    json.WriteStartObject();
                    Write(json, "current", Current);
                    Write(json, "former", Former);
                    Write(json, "refused", Refused);
                    json.WriteString("error", Error);
                    json.WriteBoolean("rolled_back", IsRolledBack);
                    json.WriteEndObject();
                }
                file.Flush(flushToDisk: true);
            }
            File.Move(fresh, path, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static Profile? Read(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : new()
    {
        Name = json.GetProperty("name").GetString() ?? "",
        Version = json.GetProperty("version").GetInt64(),
        Sources = [.. json.GetProperty("sources").EnumerateArray().Select(static one => one.GetString() ?? "")],
        Gps = json.GetProperty("gps").GetString() ?? "",
        SpoolBytes = json.GetProperty("spool_bytes").GetInt64(),
    };

    private static void Write(Utf8JsonWriter json, string name, Profile? profile)
    {
        if (profile is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteString("name", profile.Name);
        json.WriteNumber("version", profile.Version);
        json.WriteStartArray("sources");
        foreach (string source in profile.Sources)
        {
            json.WriteStringValue(source);
        }
        json.WriteEndArray();
        json.WriteString("gps", profile.Gps);
        json.WriteNumber("spool_bytes", profile.SpoolBytes);
        json.WriteEndObject();
    }
}
