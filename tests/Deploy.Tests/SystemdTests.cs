using System.Diagnostics;
using System.Text.RegularExpressions;

namespace KismetOrleans.Deploy.Tests;

/// <summary>The units in systemd/, judged by systemd itself.</summary>
public sealed partial class SystemdTests
{
    private static readonly string[] s_units = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "systemd"), "*.service").Order(StringComparer.Ordinal)];

    [SystemdFact]
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

    [SystemdFact]
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

    private static async Task<string> AnalyzeAsync(params string[] args)
    {
        ProcessStartInfo start = new(SystemdFactAttribute.Analyze, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> table = process.StandardOutput.ReadToEndAsync();
        string said = await process.StandardError.ReadToEndAsync();
        string text = await table;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', args)}: {said}{text}");
        return said;
    }
}

/// <summary>A test that needs systemd-analyze.</summary>
public sealed class SystemdFactAttribute : FactAttribute
{
    internal const string Analyze = "/usr/bin/systemd-analyze";

    public SystemdFactAttribute() => Skip = File.Exists(Analyze) ? null : $"no {Analyze}";
}
