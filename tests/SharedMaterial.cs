namespace KismetOrleans.Tests;

/// <summary>The captures and a real server's answers that lie beside the repository on some machines.</summary>
internal static class SharedMaterial
{
    /// <summary>Their folder; null where there is none.</summary>
    public static readonly string? Root = FindRoot();

    /// <summary>Why a test that needs them is skipped; null when they are there.</summary>
    public static string? Missing => Root is null ? "There is no folder 'shared' beside the repository." : null;

    private static string? FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "KismetOrleans.sln")))
            {
                string[] candidates = [Path.Combine(at.FullName, "../shared"), Path.Combine(at.FullName, "../../shared")];
                return candidates.Select(Path.GetFullPath).FirstOrDefault(Directory.Exists);
            }
        }
        return null;
    }
}

/// <summary>A test that is skipped, with a note, where the shared material is not.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() => Skip = SharedMaterial.Missing;
}

/// <summary>The same of a test with data.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute() => Skip = SharedMaterial.Missing;
}
