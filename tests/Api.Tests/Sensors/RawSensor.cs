using System.Net.WebSockets;
using System.Text.Json;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Live;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Wire;

namespace KismetOrleans.Api.Tests.Sensors;

/// <summary>A sensor's connection as somebody makes it who says what he likes.</summary>
internal sealed class RawSensor : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);
    private readonly ClientWebSocket _socket = new();
    private readonly MessageSocket _messages;
    private readonly CancellationTokenSource _over = new(s_patience);
    private ulong _bootId;
    private ulong _sequence;

    private RawSensor() => _messages = new(_socket, EdgeProtocol.MaxControlBytes);

    /// <summary>UUID of its source.</summary>
    public Guid Uuid { get; private init; }

    /// <summary>Where its batches say that they were captured.</summary>
    public PacketPosition? Position { get; set; }

    /// <summary>How the clock of its host stands when batches are captured.</summary>
    public HostClock? Clock { get; set; }

    /// <summary>What the server answered; null where it refused.</summary>
    public Welcome? Welcome { get; private set; }

    /// <summary>How it refused; null where it did not.</summary>
    public Bye? Refusal { get; private set; }

    /// <summary>What a sensor says of itself.</summary>
    public static Hello Hello(Guid uuid, ulong bootId) => new() { Uuid = uuid, BootId = bootId, Name = "hall", Driver = "linuxwifi", Interface = "wlan0", ClockNs = (long)Now() };

    /// <summary>The time as lives of spools and packets have it.</summary>
    public static ulong Now() => (ulong)TimeProvider.System.NowNs();

    /// <summary>The records of sources, once the server lists them: a cluster's list of sources is a second old.</summary>
    public static async Task<List<JsonElement>> KnownAsync(TestServer server, params Guid[] uuids)
    {
        using CancellationTokenSource patience = new(s_patience);
        while (true)
        {
            List<JsonElement> sources = [.. (await server.Client.AskAsync("/datasource/all_sources.json")).Ok().List];
            List<JsonElement> found = [.. uuids.SelectMany(uuid => sources.Where(source => Guid.Parse(source.Text("kismet.datasource.uuid")) == uuid && source.Text("kismet.datasource.name") != $"{uuid}"))];
            if (found.Count == uuids.Length)
            {
                return found;
            }
            await Task.Delay(50, patience.Token);
        }
    }

    /// <summary>Connects and says Hello.</summary>
    public static async Task<RawSensor> ConnectAsync(Uri server, string? key, Hello hello)
    {
        RawSensor sensor = new() { _bootId = hello.BootId, Uuid = hello.Uuid };
        if (key is not null)
        {
            sensor._socket.Options.SetRequestHeader("Authorization", "Bearer " + key);
        }
        await sensor._socket.ConnectAsync(new($"ws://{server.Authority}{EdgeProtocol.Path}"), sensor._over.Token);
        await sensor._messages.SendAsync(hello, sensor._over.Token);
        ReadOnlyMemory<byte> answer = await sensor._messages.ReceiveAsync(sensor._over.Token);
        Assert.True(EdgeFrame.TryOpen(answer.Span, out EdgeMessageType type, out ReadOnlySpan<byte> payload, out _));
        if (type == EdgeMessageType.Bye)
        {
            Assert.True(MessageReader.TryRead(payload, out Bye bye));
            sensor.Refusal = bye;
            return sensor;
        }
        Assert.True(MessageReader.TryRead(payload, out Welcome welcome));
        sensor.Welcome = welcome;
        await sensor._messages.SendAsync(new Continue(0, 1), sensor._over.Token);
        return sensor;
    }

    /// <summary>Sends frames of 802.11 as a batch.</summary>
    public Task SendAsync(long timeNs, params byte[][] frames) => SendAsync(timeNs, LinkType.Ieee80211, frames);

    /// <summary>Sends a frame, as hex, that was captured now, with the header that a radio puts in front of it.</summary>
    public Task SendRadioAsync(string frame) => SendRadioAsync((long)Now(), frame);

    /// <summary>The same, captured then by the sensor's clock.</summary>
    public Task SendRadioAsync(long timeNs, string frame) => SendAsync(timeNs, LinkType.Radiotap, Convert.FromHexString(frame));

    /// <summary>Sends a message.</summary>
    public ValueTask SendAsync<T>(T message)
        where T : IEdgeMessage<T> => _messages.SendAsync(message, _over.Token);

    private async Task SendAsync(long timeNs, LinkType type, params byte[][] frames)
    {
        BatchBuilder builder = new() { Position = Position, Clock = Clock };
        foreach (byte[] frame in frames)
        {
            PacketBatch one = new(0, 1) { Bytes = frame, Count = 1 };
            one.Packets[0] = new() { TimeNs = timeNs, LinkType = type, Length = frame.Length, OriginalLength = frame.Length };
            int at = 0;
            Assert.True(builder.Add(one, ref at));
        }
        await _messages.SendAsync(builder.Pack(_bootId, ++_sequence, 0), _over.Token);
    }

    /// <summary>Goes on with another number than the next.</summary>
    public void GoBackTo(ulong sequence) => _sequence = sequence - 1;

    /// <summary>What the server says when it ends the connection.</summary>
    public async Task<Bye> FarewellAsync()
    {
        while (true)
        {
            ReadOnlyMemory<byte> message = await _messages.ReceiveAsync(_over.Token);
            Assert.True(EdgeFrame.TryOpen(message.Span, out EdgeMessageType type, out ReadOnlySpan<byte> payload, out string? error), error);
            if (type == EdgeMessageType.Bye && MessageReader.TryRead(payload, out Bye bye))
            {
                return bye;
            }
        }
    }

    /// <summary>Waits for a message of a type; others on the way are passed over.</summary>
    /// <returns>Its payload.</returns>
    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(EdgeMessageType wanted)
    {
        while (true)
        {
            ReadOnlyMemory<byte> message = await _messages.ReceiveAsync(_over.Token);
            Assert.True(EdgeFrame.TryOpen(message.Span, out EdgeMessageType type, out _, out string? error), error);
            if (type == wanted)
            {
                return message[EdgeFrame.HeaderLength..];
            }
        }
    }

    /// <summary>Waits until the server has saved what was sent.</summary>
    public async Task SavedAsync()
    {
        while (true)
        {
            ReadOnlyMemory<byte> message = await _messages.ReceiveAsync(_over.Token);
            Assert.True(EdgeFrame.TryOpen(message.Span, out EdgeMessageType type, out ReadOnlySpan<byte> payload, out string? error), error);
            if (type == EdgeMessageType.Ack && MessageReader.TryRead(payload, out Ack ack) && ack.Sequence >= _sequence)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            await _messages.CloseAsync(new(ByeReason.Done, ""), TimeSpan.FromSeconds(1));
        }
        _messages.Dispose();
        _socket.Dispose();
        _over.Dispose();
    }
}
