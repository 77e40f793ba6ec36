using System.Net.WebSockets;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Fleet;

/// <summary>A sensor that is let in, sends half a batch, and then neither sends nor reads, though its connection stays: others must not notice.</summary>
internal sealed class StuckAgent(Uri server, string? key, int number)
{
    private readonly Guid _uuid = new(number, 1, 0, [0xf1, 0xee, 0x70, 0, 0, 0, 0, 0]);

    /// <summary>Connects, again when it is cut off, until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await StickAsync(stopping);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException)
            {
                // It was cut off.
            }
            await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        }
    }

    private async Task StickAsync(CancellationToken stopping)
    {
        using ClientWebSocket socket = new();
        if (key is not null)
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + key);
        }
        await socket.ConnectAsync(new($"{server.Scheme.Replace("http", "ws", StringComparison.Ordinal)}://{server.Authority}{EdgeProtocol.Path}"), stopping);
        byte[] hello = MessageWriter.Frame(new Hello
        {
            Uuid = _uuid,
            BootId = (ulong)DateTime.UtcNow.Ticks,
            FirstSequence = 1,
            ClockNs = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100,
            LinkType = 127,
            Name = $"stuck-{number}",
            Driver = "linuxwifi",
            Interface = "wlan0",
            Version = "bench",
        }).ToArray();
        await socket.SendAsync(hello, WebSocketMessageType.Binary, true, stopping);
        // The first half of a long message.
        await socket.SendAsync(new byte[200_000], WebSocketMessageType.Binary, false, stopping);
        while (socket.State == WebSocketState.Open)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), stopping);
        }
    }
}
