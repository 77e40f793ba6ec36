using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace KismetOrleans.Api.Tests.Hosting;

/// <summary>A port that somebody has already: said before anything starts.</summary>
public sealed class PortTests
{
    [Theory]
    [InlineData("KismetOrleans.Api.dll", "--Urls", "http://127.0.0.1:{0}", "http://127.0.0.1:{0}")]
    [InlineData("KismetOrleans.Silo.dll", "--Silo:Port", "{0}", "silo port {0}")]
    [InlineData("KismetOrleans.Silo.dll", "--Silo:GatewayPort", "{0}", "gateway port {0}")]
    public async Task The_second_start_says_who_has_its_port(string program, string setting, string value, string what)
    {
        // As Orleans binds: another socket that asks for the same shares the port.
        using Socket there = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        there.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        there.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        there.Listen();
        int port = ((IPEndPoint)there.LocalEndPoint!).Port;
        ProcessStartInfo start = new("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        string[] free = setting == "--Urls" ? ["--Storage:Sqlite", "none"] : ["--urls", "http://127.0.0.1:0"];
        Array.ForEach<string>([Path.Combine(AppContext.BaseDirectory, program), .. free, setting, string.Format(null, value, port)], start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        try
        {
            string error = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(1, process.ExitCode);
            string owner = OperatingSystem.IsLinux() ? $@" by process {Environment.ProcessId} \(.+\)" : "";
            Assert.Matches($"^{string.Format(null, what, port)} is in use{owner}; {setting} chooses another one\n$", error);
        }
        finally
        {
            process.Kill();
        }
    }

    [Fact]
    public async Task A_port_that_was_just_left_is_taken_again()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        // The side that closes first leaves the connection in the kernel for a minute.
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, port);
        using (TcpClient accepted = await probe.AcceptTcpClientAsync())
        {
            accepted.Close();
        }
        probe.Stop();
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach<string>([Path.Combine(AppContext.BaseDirectory, "KismetOrleans.Api.dll"), "--Storage:Sqlite", "none", "--urls", $"http://127.0.0.1:{port}"], start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        try
        {
            string? line;
            do
            {
                line = await process.StandardOutput.ReadLineAsync(limit.Token);
            }
            while (line is not null && !line.Contains($"Now listening on: http://127.0.0.1:{port}", StringComparison.Ordinal));
            Assert.NotNull(line);
        }
        finally
        {
            process.Kill();
        }
    }
}
