using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using KismetOrleans.Silo.Hosting;

namespace KismetOrleans.Api.Tests.Operations;

/// <summary>What systemd/kismetorleans.service relies on (<c>Type=notify</c>, <c>WatchdogSec</c>).</summary>
public sealed partial class SystemdNotifyTests
{
    [Fact]
    public async Task A_service_says_that_it_is_ready_once_it_answers_and_that_it_is_alive()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        string folder = Directory.CreateTempSubdirectory().FullName;
        string path = Path.Combine(folder, "notify");
        using Socket notify = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        notify.Bind(new UnixDomainSocketEndPoint(path));
        // A service is who has systemd as its parent: a shell of that name here.
        string systemd = Path.Combine(folder, "systemd");
        File.Copy("/bin/sh", systemd);
        ProcessStartInfo start = new(systemd, ["-c", "dotnet \"$@\"; true", "sh", Path.Combine(AppContext.BaseDirectory, "KismetOrleans.Api.dll"), "--urls", "http://127.0.0.1:0", "--Storage:Sqlite", "none"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["NOTIFY_SOCKET"] = path;
        start.Environment["WATCHDOG_USEC"] = "200000";
        _ = start.Environment.Remove("WATCHDOG_PID");
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using Process process = Process.Start(start)!;
        try
        {
            using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(60));
            byte[] buffer = new byte[256];
            string said = "";
            while (!said.Contains("READY=1", StringComparison.Ordinal))
            {
                said = Encoding.UTF8.GetString(buffer.AsSpan(0, await notify.ReceiveAsync(buffer, timeout.Token)));
            }
            string url = "";
            while (url.Length == 0)
            {
                url = Url().Match(await process.StandardOutput.ReadLineAsync(timeout.Token) ?? throw new InvalidOperationException("it ended")).Value;
            }
            using HttpClient client = new();
            using HttpResponseMessage answer = await client.GetAsync(url + "/system/status.json", timeout.Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            for (int alive = 0; alive < 5;)
            {
                alive += Encoding.UTF8.GetString(buffer.AsSpan(0, await notify.ReceiveAsync(buffer, timeout.Token))) == "WATCHDOG=1" ? 1 : 0;
            }
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("", null, null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    [InlineData("60000000", null, 30.0)]
    [InlineData("60000000", "own", 30.0)]
    [InlineData("60000000", "1", null)]
    public void Who_is_watched_reports_twice_as_often(string? microseconds, string? process, double? seconds) =>
        Assert.Equal(
            seconds is { } number ? TimeSpan.FromSeconds(number) : null,
            SystemdWatchdog.Interval(microseconds, process == "own" ? Environment.ProcessId.ToString(CultureInfo.InvariantCulture) : process));

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Url();
}
