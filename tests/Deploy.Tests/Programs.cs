using System.Diagnostics;

namespace KismetOrleans.Deploy.Tests;

/// <summary>Programs of the machine that judge what is deployed.</summary>
internal static class Programs
{
    public const string Openssl = "/usr/bin/openssl";
    public const string Promtool = "/usr/bin/promtool";
    public const string SystemdAnalyze = "/usr/bin/systemd-analyze";

    /// <summary>Runs one; fails with what it wrote when it does.</summary>
    /// <returns>What it wrote to standard error.</returns>
    public static async Task<string> RunAsync(string program, params string[] args)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        string text = await output;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)}: {errors}{text}");
        return errors;
    }
}

/// <summary>A test that needs a program, by its path.</summary>
internal sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program) => Skip = File.Exists(program) ? null : $"no {program}";
}
