using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using KismetOrleans.Engine.Events;
using KismetOrleans.Engine.Server;
using KismetOrleans.Packets;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.Events;

/// <summary>Messages of aircraft as they come: as text, <c>*8D…;</c>, or as Beast's frames, for programs that draw them.</summary>
/// <param name="isBeast">Whether it wants Beast's frames.</param>
/// <param name="source">Number of the only source that it wants; null for all.</param>
internal sealed class AircraftSocket(TextSocket socket, IBackend backend, bool isBeast, ushort? source)
{
    private const byte Escape = 0x1A;

    // Beast's clock runs at 12 MHz.
    private const long TicksOfMicrosecond = 12;
    private static readonly EventShape s_shape = new(RecordFormat.Json, null);

    /// <summary>Runs until the client goes.</summary>
    public async Task RunAsync()
    {
        using EventClient client = backend.Events.Open();
        client.Subscribe(EventTopics.Adsb, s_shape);
        using CancellationTokenSource over = new();
        Task writing = WriteAsync(client, over.Token);
        Task reading = ListenAsync();
        Task first = await Task.WhenAny(reading, writing);
        await over.CancelAsync();
        if (first == reading)
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await first;
    }

    // What it says is for nobody.
    private async Task ListenAsync()
    {
        while (await socket.ReceiveAsync() is not null)
        {
        }
    }

    private async Task WriteAsync(EventClient client, CancellationToken cancellation)
    {
        while (true)
        {
            using JsonDocument message = JsonDocument.Parse(await client.ReadAsync(cancellation));
            // Number of the source, a blank, the message in hexadecimal digits.
            string[] parts = message.RootElement.EnumerateObject().First().Value.GetString()!.Split(' ');
            if (source is { } only && parts[0] != only.ToString(CultureInfo.InvariantCulture))
            {
                continue;
            }
            await (isBeast
                ? socket.SendAsync(Beast(Convert.FromHexString(parts[1]), backend.Clock.NowNs()), WebSocketMessageType.Binary)
                : socket.SendAsync(System.Text.Encoding.ASCII.GetBytes($"*{parts[1]};\n")));
        }
    }

    // Escape and kind, six bytes of time, one of signal, the message; escapes in them twice.
    private static byte[] Beast(byte[] message, long nowNs)
    {
        List<byte> frame = [Escape, (byte)(message.Length == 7 ? '2' : '3')];
        long ticks = nowNs / 1000 * TicksOfMicrosecond;
        for (int shift = 40; shift >= 0; shift -= 8)
        {
            Add((byte)(ticks >> shift));
        }
        Add(0);
        Array.ForEach(message, Add);
        return [.. frame];

        void Add(byte one)
        {
            frame.Add(one);
            if (one == Escape)
            {
                frame.Add(one);
            }
        }
    }
}
