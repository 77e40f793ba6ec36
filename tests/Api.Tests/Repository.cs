namespace KismetOrleans.Api.Tests;

/// <summary>Where the repository is, and what stands beside it.</summary>
internal static class Repository
{
    /// <summary>The repository's folder.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>The sample capture.</summary>
    public static readonly string Campus = Path.Combine(Root, "samples", "campus.pcapng");

    /// <summary>Goldens and captures that are no part of the repository; null where they are not there.</summary>
    public static readonly string? Shared = new[] { "../shared", "../../shared" }
        .Select(static path => Path.GetFullPath(Path.Combine(Root, path))).FirstOrDefault(Directory.Exists);

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
