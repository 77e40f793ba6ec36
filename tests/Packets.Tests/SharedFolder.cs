namespace KismetOrleans.Packets.Tests;

/// <summary>The folder with captures beside the repository, where there is one.</summary>
internal static class SharedFolder
{
    /// <summary>Path of a file or folder in it; null when it is not there.</summary>
    public static string? Find(string relative)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "KismetOrleans.sln")))
            {
                string[] candidates = [Path.Combine(at.FullName, "../shared"), Path.Combine(at.FullName, "../../shared")];
                return candidates.Where(Directory.Exists).Select(folder => Path.GetFullPath(Path.Combine(folder, relative)))
                    .FirstOrDefault(path => File.Exists(path) || Directory.Exists(path));
            }
        }
        return null;
    }
}
