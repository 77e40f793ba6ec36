namespace KismetOrleans.Records.Tests;

/// <summary>The material beside the repository: goldens and inventory. Tests that need it are skipped where it is missing (SharedFact).</summary>
internal static class SharedFiles
{
    public static string Read(string path) => File.ReadAllText(Path.Combine(SharedMaterial.Root!, path));

    public static IEnumerable<string> Goldens(string name) =>
        Directory.EnumerateDirectories(Path.Combine(SharedMaterial.Root!, "golden")).Select(folder => Path.Combine(folder, name)).Where(File.Exists);
}
