using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace KismetOrleans.Api.Tests.Operations;

/// <summary>What the units in systemd/ rely on (<c>Type=notify</c>, <c>WatchdogSec</c>).</summary>
public sealed partial class SystemdNotifyTests
{
    [Fact]
    public async Task A_server_says_that_it_is_ready_once_it_answers_and_that_it_is_alive()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        using Service server = new("KismetOrleans.Api.dll", "--urls http://127.0.0.1:0 --Storage:Sqlite none");
        await server.ReadyAsync();
        string url = "";
        while (url.Length == 0)
        {
            url = Url().Match(await server.LineAsync() ?? throw new InvalidOperationException("it ended")).Value;
        }
        using HttpClient client = new();
        using HttpResponseMessage answer = await client.GetAsync(url + "/system/status.json");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await server.AliveAsync(5);
    }

    [Fact]
    public async Task An_agent_says_that_it_runs_while_it_waits_for_its_server_and_that_it_is_alive()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        // Nobody listens on the discard port; standard input stays open.
        using Service agent = new("KismetOrleans.Capture.dll", "--spool . --server http://127.0.0.1:9 -c -");
        await agent.ReadyAsync();
        await agent.AliveAsync(5);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Url();

    /// <summary>A program of ours as a service whose watchdog is a fifth of a second.</summary>
    private sealed class Service : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
        private readonly Socket _notify = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(60));
        private readonly byte[] _buffer = new byte[256];
        private readonly Process _process;

        public Service(string program, string args)
        {
            string path = Path.Combine(_folder, "notify");
            _notify.Bind(new UnixDomainSocketEndPoint(path));
            // A service is who has systemd as its parent: a shell of that name here.
            string systemd = Path.Combine(_folder, "systemd");
            File.Copy("/bin/sh", systemd);
            ProcessStartInfo start = new(systemd, ["-c", "dotnet \"$@\"; true", "sh", Path.Combine(AppContext.BaseDirectory, program), .. args.Split(' ')])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                WorkingDirectory = _folder,
            };
            start.Environment["NOTIFY_SOCKET"] = path;
            start.Environment["WATCHDOG_USEC"] = "200000";
            _ = start.Environment.Remove("WATCHDOG_PID");
            start.Environment["DOTNET_EnableDiagnostics"] = "0";
            _process = Process.Start(start)!;
        }

        public async Task ReadyAsync()
        {
            while (!(await SaidAsync()).Contains("READY=1", StringComparison.Ordinal))
            {
            }
        }

        public async Task AliveAsync(int times)
        {
            for (int alive = 0; alive < times;)
            {
                alive += await SaidAsync() == "WATCHDOG=1" ? 1 : 0;
            }
        }

        public Task<string?> LineAsync() => _process.StandardOutput.ReadLineAsync(_timeout.Token).AsTask();

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.Dispose();
            _notify.Dispose();
            _timeout.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        private async Task<string> SaidAsync() => Encoding.UTF8.GetString(_buffer.AsSpan(0, await _notify.ReceiveAsync(_buffer, _timeout.Token)));
    }
}
