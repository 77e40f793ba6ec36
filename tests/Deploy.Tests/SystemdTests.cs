using System.Text.RegularExpressions;

namespace KismetOrleans.Deploy.Tests;

/// <summary>The units in systemd/, judged by systemd itself.</summary>
public sealed partial class SystemdTests
{
    private static readonly string[] s_units = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "systemd"), "*.service").Order(StringComparer.Ordinal)];

    [ProgramFact(Programs.SystemdAnalyze)]
    public async Task They_are_read_without_a_word()
    {
        Assert.Equal(["kismetorleans-agent.service", "kismetorleans-silo.service", "kismetorleans.service"], s_units.Select(Path.GetFileName));
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            foreach (string unit in s_units)
            {
                // The programs are not installed here.
                string copy = Path.Combine(folder, Path.GetFileName(unit));
                await File.WriteAllTextAsync(copy, Program().Replace(await File.ReadAllTextAsync(unit), "/bin/true"));
                Assert.Equal("", await AnalyzeAsync("verify", copy));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [ProgramFact(Programs.SystemdAnalyze)]
    public async Task None_is_exposed_to_more_than_2_5()
    {
        foreach (string unit in s_units)
        {
            // Fails by its exit code above the threshold, in tenths.
            _ = await AnalyzeAsync("security", "--offline=true", "--threshold=25", "--no-pager", unit);
        }
    }

    [Fact]
    public void Their_programs_are_what_the_documents_publish()
    {
        string operations = Repository.Read("docs/operations.md");
        foreach (string unit in s_units)
        {
            string folder = Path.GetDirectoryName(Program().Match(File.ReadAllText(unit)).Value)!;
            Assert.Contains($"-o {folder}\n", operations, StringComparison.Ordinal);
            Assert.Contains(Path.GetFileNameWithoutExtension(unit), operations, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"/opt/[\w./-]+")]
    private static partial Regex Program();

    private static Task<string> AnalyzeAsync(params string[] args) => Programs.RunAsync(Programs.SystemdAnalyze, args);
}
