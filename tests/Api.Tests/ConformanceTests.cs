using System.Diagnostics;

namespace KismetOrleans.Api.Tests;

/// <summary>
/// The conformance scripts, end to end: what this server answers for a capture differs from what Kismet answered only as
/// docs/deviations.md explains. Needs the goldens beside the repository and python3; without them it is skipped.
/// </summary>
public sealed class ConformanceTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(50);

    [ConformanceTheory]
    [InlineData("auth", "auth.pcap")]
    [InlineData("krack", "krack.pcapng")]
    [InlineData("campus-6k", "campus-6k.pcap")]
    [InlineData("scan-reports", "beacons-221.pcap", "--scan-reports", "conformance/scan_reports.json")]
    public async Task Differences_are_explained(string golden, string capture, string? option = null, string? file = null)
    {
        string shared = SharedMaterial.Root!;
        string ours = Path.Combine(Path.GetTempPath(), $"api-tests-{Guid.NewGuid():N}");
        try
        {
            await using TestServer server = await TestServer.StartAsync("--Api:Dialect", "current", "-c", Path.Combine(shared, "captures", capture));
            await server.WaitForSourcesAsync(1);
            (int code, string output) = await PythonAsync([Path.Combine(shared, "conformance", "snapshot.py"), server.Address.ToString(), ours,
                .. option is null ? Array.Empty<string>() : [option, Path.Combine(shared, file!)]]);
            Assert.True(code == 0, output);
            ForgetFolder(ours, shared);
            (code, output) = await PythonAsync(
                Path.Combine(shared, "conformance", "compare.py"), Path.Combine(shared, "golden", golden), ours,
                "--deviations", Path.Combine(Repository.Root, "docs", "deviations.md"));
            Assert.True(code == 0, output);
        }
        finally
        {
            if (Directory.Exists(ours))
            {
                Directory.Delete(ours, recursive: true);
            }
        }
    }

    // The goldens were taken beside the captures: their sources have relative paths.
    private static void ForgetFolder(string answers, string shared)
    {
        foreach (string file in Directory.EnumerateFiles(answers, "*.json"))
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace(shared + "/", "", StringComparison.Ordinal));
        }
    }

    private static async Task<(int Code, string Output)> PythonAsync(params string[] arguments)
    {
        using CancellationTokenSource patience = new(s_patience);
        using Process python = Process.Start(new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = python.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = python.StandardError.ReadToEndAsync(patience.Token);
        await python.WaitForExitAsync(patience.Token);
        return (python.ExitCode, await output + await errors);
    }
}

/// <summary>A test that is skipped, with a note, where the goldens or python3 are missing.</summary>
public sealed class ConformanceTheoryAttribute : TheoryAttribute
{
    public ConformanceTheoryAttribute() => Skip = SharedMaterial.Missing ?? (HasPython() ? null : "There is no python3.");

    private static bool HasPython() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, "python3")));
}
