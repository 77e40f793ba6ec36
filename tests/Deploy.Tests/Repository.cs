namespace KismetOrleans.Deploy.Tests;

/// <summary>Where the repository is.</summary>
internal static class Repository
{
    /// <summary>The repository's folder.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>The text of a file, by its path from the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Whether there is such a file or folder, by its path from the root.</summary>
    public static bool Has(string path) => Path.Exists(Path.Combine(Root, path));

    /// <summary>Names of the variables that a file of settings or secrets gives, commented ones too.</summary>
    public static IReadOnlyDictionary<string, string> Variables(string path) => Read(path).Split('\n')
        .Select(static line => line.TrimStart('#')).Where(static line => line.IndexOf('=') is > 0 and var at && !line[..at].Contains(' '))
        .ToDictionary(static line => line[..line.IndexOf('=')], static line => line[(line.IndexOf('=') + 1)..]);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "global.json")))
        {
            folder = Path.GetDirectoryName(folder);
        }
        return folder ?? throw new InvalidOperationException($"no global.json above {AppContext.BaseDirectory}");
    }
}
