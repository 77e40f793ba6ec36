using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using KismetOrleans.Packets.Files;

namespace KismetOrleans.Capture.Edge.Joining;

/// <summary>What a sensor keeps of having joined: a file of whoever runs it alone, since who reads it is the sensor.</summary>
/// <param name="Server">The server that it joined.</param>
/// <param name="Name">Name of the key.</param>
/// <param name="Pins">Public keys by which the server is known; none for what the system trusts.</param>
/// <param name="Token">Digest of the join token, so that a command line that still has it does not join again.</param>
/// <param name="Made">Unix second, by this host's clock.</param>
/// <param name="Life">Seconds that the key holds from then on.</param>
internal sealed record JoinedState(Uri Server, string Name, string Key, IReadOnlyList<string> Pins, string Token, long Made, long Life)
{
    /// <summary>Name of the file, in the folder of the spools.</summary>
    private const string FileName = "joined.json";

    /// <summary>Where the file is.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>The digest of a join token.</summary>
    public static string DigestOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Reads the file; null where there is none.</summary>
    /// <param name="folder">Folder of the spools.</param>
    /// <param name="warning">What is to be told of it.</param>
    /// <exception cref="InvalidDataException">It is not what was written.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is another user's.</exception>
    public static JoinedState? Load(string folder, out string? warning)
    {
        string path = PathIn(folder);
        warning = null;
        if (!File.Exists(path))
        {
            return null;
        }
        warning = OwnerOnly.Tighten(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            return new(
                new(root.GetProperty("server").GetString()!), root.GetProperty("name").GetString()!, root.GetProperty("key").GetString()!,
                [.. root.GetProperty("pins").EnumerateArray().Select(static pin => pin.GetString()!)], root.GetProperty("token").GetString()!,
                root.GetProperty("made").GetInt64(), root.GetProperty("life").GetInt64());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentNullException)
        {
            throw new InvalidDataException($"{path} is damaged: join again, or remove it", e);
        }
    }

    /// <summary>Writes the file: as a whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be.</exception>
    public void Save(string folder)
    {
        OwnerOnly.CreateFolder(folder);
        string path = PathIn(folder);
        string fresh = path + ".new";
        // One that was left by a crash may be open to others.
        File.Delete(fresh);
        using (FileStream file = OwnerOnly.Open(fresh, FileMode.CreateNew, FileShare.None))
        {
            using (Utf8JsonWriter json = new(file, new() { Indented = true }))
            {
                json.WriteStartObject();
                json.WriteString("server", Server.OriginalString);
                json.WriteString("name", Name);
                json.WriteString("key", Key);
                json.WriteStartArray("pins");
                foreach (string pin in Pins)
                {
                    json.WriteStringValue(pin);
                }
                json.WriteEndArray();
                json.WriteString("token", Token);
                json.WriteNumber("made", Made);
                json.WriteNumber("life", Life);
                json.WriteEndObject();
            }
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    }
}
