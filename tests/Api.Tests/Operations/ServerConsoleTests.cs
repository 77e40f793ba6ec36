using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace KismetOrleans.Api.Tests.Operations;

/// <summary>The log as a process writes it: lines for people, or objects for machines.</summary>
public sealed class ServerConsoleTests
{
    [Fact]
    public async Task With_the_json_formatter_each_line_is_an_object()
    {
        string[] lines = await LogAsync("--Logging:Console:FormatterName=json");
        Assert.NotEmpty(lines);
        JsonElement[] events = [.. lines.Select(static line => JsonDocument.Parse(line).RootElement)];
        JsonElement opened = Assert.Single(events, static e => e.GetProperty("Category").GetString() == "Sources" && e.GetProperty("EventId").GetInt32() == 2);
        Assert.Equal("Information", opened.GetProperty("LogLevel").GetString());
        Assert.Equal("campus.pcapng", Path.GetFileName(opened.GetProperty("State").GetProperty("source").GetString()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", opened.GetProperty("Timestamp").GetString());
    }

    [Fact]
    public async Task Without_it_each_event_is_one_line_that_begins_with_its_time()
    {
        string[] lines = await LogAsync();
        Assert.Contains(lines, static line => Regex.IsMatch(line, @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info: Sources\[2\] .*campus\.pcapng: opened$"));
    }

    [Fact]
    public void A_formatter_that_does_not_exist_is_refused() =>
        Assert.Equal(
            "Logging:Console:FormatterName: 'xml' is none of simple, json and systemd",
            Assert.Throws<ArgumentException>(static () => Program.Build(["--Logging:Console:FormatterName=xml"])).Message);

    /// <summary>Runs the server as a process until its source has ended.</summary>
    private static async Task<string[]> LogAsync(params string[] options)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true };
        // The runtime's sockets for debuggers stay in the temporary folder when a process is killed.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        string server = Path.Combine(AppContext.BaseDirectory, "KismetOrleans.Api.dll");
        string[] args = [server, "--urls", "http://127.0.0.1:0", "--Storage:Sqlite", "none", "-c", Repository.Campus, .. options];
        Array.ForEach(args, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        try
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
            List<string> lines = [];
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                lines.Add(line);
                if (line.Contains(": end after", StringComparison.Ordinal))
                {
                    break;
                }
            }
            return [.. lines];
        }
        finally
        {
            process.Kill();
        }
    }
}
