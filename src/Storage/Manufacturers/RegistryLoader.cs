namespace KismetOrleans.Storage.Manufacturers;

/// <summary>Chooses what the registry is read from: the folder's files, or the built-in list where none of them can be read.</summary>
internal static class RegistryLoader
{
    private const string BuiltIn = "KismetOrleans.Storage.Manufacturers.builtin.csv";

    // The first of a row that is there is read: oui.txt says the same as oui.csv in twice the bytes.
    private static readonly string[][] Files = [["oui.csv", "oui.txt"], ["mam.csv"], ["oui36.csv"], ["iab.csv"]];

    internal static RegistryTable Load(string folder)
    {
        var builder = new RegistryBuilder();
        var problems = new List<string>();
        foreach (string[] names in Files)
        {
            if (Array.Find(names, name => File.Exists(Path.Combine(folder, name))) is { } name)
            {
                ReadFile(Path.Combine(folder, name), builder, problems);
            }
        }
        string origin = folder;
        if (builder.Count == 0)
        {
            using Stream stream = typeof(RegistryLoader).Assembly.GetManifestResourceStream(BuiltIn)!;
            RegistryParser.Read(stream, isText: false, builder);
            origin = $"the built-in list, for {folder} has no registry (Debian's package ieee-data installs one)";
            problems.Insert(0, "most manufacturers will be unknown");
        }
        string summary = $"{builder.Count} manufacturers' prefixes from {origin}";
        return builder.Build(problems.Count == 0 ? summary : $"{summary}; {string.Join("; ", problems)}", problems.Count > 0);
    }

    private static void ReadFile(string path, RegistryBuilder builder, List<string> problems)
    {
        try
        {
            // No buffer in the stream: the parser has its own.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            int bad = RegistryParser.Read(stream, path.EndsWith(".txt", StringComparison.Ordinal), builder);
            if (bad > 0)
            {
                problems.Add($"{path}: {bad} lines make no sense and were left out");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path}: {e.Message}");
        }
    }
}
