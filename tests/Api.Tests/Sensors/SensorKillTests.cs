using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using KismetOrleans.SampleGenerator;

namespace KismetOrleans.Api.Tests.Sensors;

/// <summary>A sensor that dies is reported, with real processes that are killed: within its time, once, whatever becomes of the server meanwhile, and it is well when it is back.</summary>
public sealed class SensorKillTests : IDisposable
{
    private static readonly TimeSpan s_downAfter = TimeSpan.FromSeconds(3);

    // Beside that time: a look a second, a record that is a second old, and a machine that is busy.
    private static readonly TimeSpan s_noticed = TimeSpan.FromSeconds(20);
    private static readonly string[] s_settings = ["--Alerts:SensorDownAfter", s_downAfter.ToString("c")];
    private readonly Site _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task An_agent_that_is_killed_is_down_once_also_for_the_next_life_of_the_server_and_well_when_it_is_back()
    {
        using CancellationTokenSource over = new();
        using TcpListener radio = new(IPAddress.Loopback, 0);
        radio.Start();
        Task playing = PlayAsync(radio, over.Token);
        string definition = $"TCP@127.0.0.1:{((IPEndPoint)radio.LocalEndpoint).Port}:name=roof";
        ProgramProcess server = await _site.ServeAsync(s_settings);
        ProgramProcess agent = _site.Capture("roof", definition);
        await _site.UntilCountedAsync("roof", 1);
        await Task.Delay(s_downAfter * 2, _site.Patience);
        Assert.Equal("", await ProblemsAsync());

        Stopwatch gone = Stopwatch.StartNew();
        await agent.KillAsync(_site.Patience);
        await _site.UntilAsync(async () => await ProblemsAsync() == "down");
        Assert.InRange(gone.Elapsed, s_downAfter, s_downAfter + s_noticed);
        await _site.UntilAsync(async () => (await _site.AlertsAsync("SENSORDOWN")).Length > 0);
        Assert.StartsWith("Sensor 'roof' (", Assert.Single(await _site.AlertsAsync("SENSORDOWN")), StringComparison.Ordinal);

        // What is not saved within some seconds may come again.
        await Task.Delay(TimeSpan.FromSeconds(6), _site.Patience);
        await server.KillAsync(_site.Patience);
        server = await _site.ServeAsync(s_settings);
        await _site.UntilAsync(async () => await ProblemsAsync() == "down");
        await Task.Delay(s_downAfter * 2, _site.Patience);
        Assert.Single(await _site.AlertsAsync("SENSORDOWN"));

        agent = _site.Capture("roof", definition);
        await _site.UntilAsync(async () => await ProblemsAsync() == "");
        Assert.Single(await _site.AlertsAsync("SENSORDOWN"));

        // It is up for longer than it may be away, and so missed by a server that never saw it.
        await Task.Delay(TimeSpan.FromSeconds(6), _site.Patience);
        await Task.WhenAll(agent.KillAsync(_site.Patience), server.KillAsync(_site.Patience));
        _ = await _site.ServeAsync(s_settings);
        await _site.UntilAsync(async () => (await _site.AlertsAsync("SENSORDOWN")).Length == 2);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => playing);
    }

    // To each who comes, a beacon; then nothing.
    private static async Task PlayAsync(TcpListener radio, CancellationToken over)
    {
        using MemoryStream capture = new();
        CaptureFiles.WritePcap(capture, BeaconFlood.Build(1, 1));
        while (true)
        {
            using TcpClient agent = await radio.AcceptTcpClientAsync(over);
            try
            {
                await agent.GetStream().WriteAsync(capture.ToArray(), over);
                // It sends nothing: what ends is the connection.
                while (await agent.GetStream().ReadAsync(new byte[1], over) > 0)
                {
                }
            }
            catch (IOException)
            {
                // It was killed.
            }
        }
    }

    private async Task<string> ProblemsAsync()
    {
        JsonElement source = Assert.Single(await _site.SourcesAsync());
        return source.TryGetProperty("kismet.datasource.sensor.problems", out JsonElement problems) ? string.Join(' ', problems.EnumerateArray().Select(static one => one.GetString())) : "";
    }
}
