using System.Diagnostics;
using System.Text;

namespace KismetOrleans.Api.Tests.Sensors;

/// <summary>One of our programs as a process, as a user starts it; what it says is kept for when a test fails.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private readonly StringBuilder _said = new();
    private readonly Process _process;

    /// <summary>Starts a program that stands beside the tests.</summary>
    /// <param name="program">Name of its assembly.</param>
    /// <param name="home">Folder for whatever it keeps unasked.</param>
    /// <param name="args">Its command line.</param>
    public ProgramProcess(string program, string home, params string[] args)
        : this(program, home, new Dictionary<string, string>(), args)
    {
    }

    /// <summary>Starts a program with settings in its environment.</summary>
    public ProgramProcess(string program, string home, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, program + ".dll"));
        Array.ForEach(args, start.ArgumentList.Add);
        start.Environment["XDG_STATE_HOME"] = home;
        _ = start.Environment.Remove("STATE_DIRECTORY");
        // The runtime's sockets for debuggers stay in the temporary folder when a process is killed.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += Keep;
        _process.ErrorDataReceived += Keep;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has said.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Threads that it has.</summary>
    public int Threads
    {
        get
        {
            _process.Refresh();
            return _process.Threads.Count;
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync(CancellationToken patience)
    {
        await _process.WaitForExitAsync(patience);
        return _process.ExitCode;
    }

    /// <summary>Asks it to end, as <c>kill</c> does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(CancellationToken patience)
    {
        await SignalAsync("TERM", patience);
        return await EndAsync(patience);
    }

    /// <summary>Lets it stand still, as a machine that is paused does, until <see cref="ResumeAsync"/>.</summary>
    public Task SuspendAsync(CancellationToken patience) => SignalAsync("STOP", patience);

    /// <summary>Lets it go on.</summary>
    public Task ResumeAsync(CancellationToken patience) => SignalAsync("CONT", patience);

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task KillAsync(CancellationToken patience)
    {
        _process.Kill();
        await _process.WaitForExitAsync(patience);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
    }

    private async Task SignalAsync(string signal, CancellationToken patience)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(patience);
        Assert.Equal(0, kill.ExitCode);
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            _ = _said.AppendLine(line.Data);
        }
    }
}
