namespace KismetOrleans.Records.Tests;

/// <summary>The material beside the repository: goldens and inventory. Tests that need it return early where it is missing.</summary>
internal static class SharedFiles
{
    public static readonly string? Root = FindRoot();

    public static string? Find(string path) => Root is not null && Path.Combine(Root, path) is var file && File.Exists(file) ? file : null;

    public static IEnumerable<string> Goldens(string name) =>
        Root is null || !Directory.Exists(Path.Combine(Root, "golden"))
            ? []
            : Directory.EnumerateDirectories(Path.Combine(Root, "golden")).Select(folder => Path.Combine(folder, name)).Where(File.Exists);

    private static string? FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "KismetOrleans.sln")))
        {
            folder = folder.Parent;
        }
        if (folder is null)
        {
            return null;
        }
        string[] candidates = [Path.Combine(folder.FullName, "../shared"), Path.Combine(folder.FullName, "../../shared")];
        return candidates.FirstOrDefault(Directory.Exists);
    }
}
