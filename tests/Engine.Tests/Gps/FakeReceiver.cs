using System.Net;
using System.Net.Sockets;
using System.Text;

namespace KismetOrleans.Engine.Tests.Gps;

/// <summary>A gpsd or a phone with NMEA: takes connections one after the other, and says what the test wants.</summary>
internal sealed class FakeReceiver : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private TcpClient? _client;

    public FakeReceiver() => _listener.Start();

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Waits for the next connection.</summary>
    public async Task AcceptAsync() => _client = await _listener.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>What the other side says first.</summary>
    public async Task<string> HearAsync()
    {
        using StreamReader reader = new(_client!.GetStream(), leaveOpen: true);
        return await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) ?? "";
    }

    /// <summary>Says something.</summary>
    public Task SayAsync(string text) => _client!.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

    /// <summary>Ends the connection.</summary>
    public void HangUp() => _client!.Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        _client?.Dispose();
        _listener.Dispose();
    }
}
