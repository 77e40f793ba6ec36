using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>One of our programs as a process of its own, as an operator starts it; what it prints is kept for a test that fails.</summary>
internal sealed class ProgramRun : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _printed = new();

    private ProgramRun(string name, string project, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        Name = name;
        ProcessStartInfo start = new("dotnet", [Assembly(project), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Print(line.Data);
        _process.ErrorDataReceived += (_, line) => Print(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it is, in the words of the test.</summary>
    public string Name { get; }

    /// <summary>What it printed.</summary>
    public string Printed
    {
        get
        {
            lock (_printed)
            {
                return _printed.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="name">What it is in the test.</param>
    /// <param name="project">Its project in src.</param>
    /// <param name="environment">Settings; environment variables.</param>
    /// <param name="arguments">Command line.</param>
    public static ProgramRun Start(string name, string project, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(name, project, arguments, environment);

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary><c>kill -9</c>.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary><c>kill</c>: it may clean up.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(TimeSpan patience)
    {
        using (Process kill = Process.Start("kill", [$"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }
        return await ExitAsync(patience);
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using CancellationTokenSource deadline = new(patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{Name} does not end within {patience.TotalSeconds} s:\n{Printed}");
        }
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }
        _process.Dispose();
    }

    // As it was built beside this test: the same configuration, the same framework.
    private static string Assembly(string project)
    {
        string[] folders = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
        string path = Path.Combine(Campus.Root, "src", project, "bin", folders[^2], folders[^1], $"KismetOrleans.{project}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"build src/{project} first", path);
    }

    private void Print(string? line)
    {
        if (line is not null)
        {
            lock (_printed)
            {
                _printed.AppendLine(line);
            }
        }
    }
}
