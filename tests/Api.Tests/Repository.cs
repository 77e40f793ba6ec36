namespace KismetOrleans.Api.Tests;

/// <summary>Where the repository is, and what stands beside it.</summary>
internal static class Repository
{
    /// <summary>The repository's folder.</summary>
    public static readonly string Root = FindRoot();

    /// <summary>The sample capture.</summary>
    public static readonly string Campus = Path.Combine(Root, "samples", "campus.pcapng");

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
