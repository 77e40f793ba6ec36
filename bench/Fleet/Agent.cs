using System.Net.WebSockets;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;

namespace KismetOrleans.Fleet;

/// <summary>
/// One sensor as a server sees it: it says how it does, sends batches, keeps them until they are saved, and comes back, to the next server, when it is cut off. Every other packet is
/// a beacon of an access point that it alone hears: its counts must be those of what was sent.
/// </summary>
internal sealed class Agent(Uri[] servers, string? key, int number, PacketBatch packets, int rate)
{
    // The first network's number; BeaconFlood makes the address of it.
    private const int FirstNetwork = 0x100000;
    private const ulong NetworkPrefix = 0x50C7_BF00_0000;
    private readonly IEnumerator<Packet> _beacons = BeaconFlood.Build(1, int.MaxValue, FirstNetwork + number).GetEnumerator();
    private static readonly TimeSpan s_batchEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_healthEvery = TimeSpan.FromSeconds(1);
    private readonly Guid _uuid = new(number, 0, 0, [0xf1, 0xee, 0x70, 0, 0, 0, 0, 0]);
    private readonly ulong _bootId = (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
    private readonly Queue<(ulong Sequence, byte[] Frame)> _kept = new();
    private readonly BatchBuilder? _builder = rate > 0 ? new() { Compress = true } : null;

    // Batches go out in the order of their numbers: a new one must not come between those that are sent again.
    private readonly SemaphoreSlim _order = new(1);
    private ulong _sequence;
    private int _next;
    private readonly Backoff _backoff = new(Random.Shared);
    private int _attempts;
    private volatile bool _isQuiet;

    /// <summary>Identifies the source.</summary>
    public Guid Uuid => _uuid;

    /// <summary>The access point that it alone hears.</summary>
    public MacAddress Network { get; } = new(NetworkPrefix | (uint)(FirstNetwork + number));

    /// <summary>Beacons of it that were put into batches.</summary>
    public long Beacons { get; private set; }

    /// <summary>Whether it is connected.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Connections that it has had.</summary>
    public int Connections { get; private set; }

    /// <summary>Packets that it has put into batches.</summary>
    public long Sent { get; private set; }

    /// <summary>Batches that are not saved yet.</summary>
    public int Waiting => _kept.Count;

    /// <summary>Why the last connection ended.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Hears nothing from now on, but stays connected.</summary>
    public void Quiet() => _isQuiet = true;

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(servers[(number + _attempts++) % servers.Length], stopping);
            }
            catch (Exception e) when (e is WebSocketException or IOException or InvalidDataException or OperationCanceledException)
            {
                Fault = e.Message;
            }
            IsConnected = false;
            await Task.Delay(_backoff.Next(), CancellationToken.None);
        }
    }

    private async Task ConnectAsync(Uri server, CancellationToken stopping)
    {
        using ClientWebSocket socket = new();
        // Half open is as good as closed, after some seconds.
        (socket.Options.KeepAliveInterval, socket.Options.KeepAliveTimeout) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        if (key is not null)
        {
            socket.Options.SetRequestHeader("Authorization", "Bearer " + key);
        }
        await socket.ConnectAsync(new($"{server.Scheme.Replace("http", "ws", StringComparison.Ordinal)}://{server.Authority}{EdgeProtocol.Path}"), stopping);
        using MessageSocket messages = new(socket, EdgeProtocol.MaxControlBytes);
        await messages.SendAsync(
            new Hello
            {
                Uuid = _uuid,
                BootId = _bootId,
                FirstSequence = _kept.TryPeek(out (ulong Sequence, byte[] Frame) first) ? first.Sequence : _sequence + 1,
                ClockNs = NowNs(),
                LinkType = 127,
                Name = $"fleet-{number}",
                Driver = "linuxwifi",
                Interface = "wlan0",
                Version = "bench",
            },
            stopping);
        Welcome welcome = Parse<Welcome>(await messages.ReceiveAsync(stopping));
        if (welcome.SavedBootId == _bootId)
        {
            Forget(welcome.SavedSequence);
        }
        _backoff.Reset();
        (IsConnected, Connections) = (true, Connections + 1);
        await ResendAsync(messages, 0, stopping);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task sending = SendAsync(messages, over.Token);
        try
        {
            await ReceiveAsync(messages, stopping);
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)sending.ContinueWith(static _ => { }, TaskScheduler.Default));
        }
    }

    private async Task SendAsync(MessageSocket messages, CancellationToken over)
    {
        using PeriodicTimer timer = new(rate > 0 ? s_batchEvery : s_healthEvery);
        for (int turn = 0; await timer.WaitForNextTickAsync(over); turn++)
        {
            if (rate == 0 || turn % (int)(s_healthEvery / s_batchEvery) == 0)
            {
                await messages.SendAsync(new Health { Running = true, ClockNs = NowNs(), LinkType = 127, Channel = "6" }, over);
            }
            if (rate == 0)
            {
                continue;
            }
            await _order.WaitAsync(over);
            try
            {
                if (NewBatch() is { } frame)
                {
                    await messages.SendAsync(frame, over);
                }
            }
            finally
            {
                _ = _order.Release();
            }
        }
    }

    private byte[]? NewBatch()
    {
        // What a fraction of a packet a batch leaves over waits for the next.
        int due = (int)((rate * s_batchEvery.TotalSeconds * (_sequence + 1)) - Sent);
        if (due <= 0 || _isQuiet)
        {
            return null;
        }
        long now = NowNs();
        PacketBatch one = new(0, 1);
        for (int i = 0; i < due; i++)
        {
            if (_next++ % 2 == 0)
            {
                _ = _beacons.MoveNext();
                byte[] bytes = _beacons.Current.Bytes;
                (one.Bytes, one.Packets[0], one.Count) =
                    (bytes, new() { LinkType = LinkType.Radiotap, Length = bytes.Length, OriginalLength = bytes.Length, TimeNs = now + i }, 1);
                Beacons++;
            }
            else
            {
                ref readonly CapturedPacket packet = ref packets.Packets[(number + _next) % packets.Count];
                (one.Bytes, one.Packets[0], one.Count) = (packets.Bytes, packet with { TimeNs = now + i }, 1);
            }
            int at = 0;
            _ = _builder!.Add(one, ref at);
        }
        byte[] frame = _builder!.Pack(_bootId, ++_sequence, (ulong)Sent).ToArray();
        _builder.Clear();
        Sent += due;
        lock (_kept)
        {
            _kept.Enqueue((_sequence, frame));
        }
        return frame;
    }

    private async Task ReceiveAsync(MessageSocket messages, CancellationToken stopping)
    {
        while (true)
        {
            ReadOnlyMemory<byte> message = await messages.ReceiveAsync(stopping);
            if (message.IsEmpty)
            {
                return;
            }
            _ = EdgeFrame.TryOpen(message.Span, out EdgeMessageType type, out _, out _);
            switch (type)
            {
                case EdgeMessageType.Ack when Parse<Ack>(message) is var ack && ack.BootId == _bootId:
                    Forget(ack.Sequence);
                    break;
                case EdgeMessageType.Rewind:
                    await ResendAsync(messages, Parse<Rewind>(message).Id, stopping);
                    break;
                case EdgeMessageType.Bye:
                    Bye bye = Parse<Bye>(message);
                    throw new InvalidDataException($"{bye.Reason}: {bye.Text}");
            }
        }
    }

    private async Task ResendAsync(MessageSocket messages, uint rewind, CancellationToken stopping)
    {
        await _order.WaitAsync(stopping);
        try
        {
            (ulong Sequence, byte[] Frame)[] again;
            ulong next;
            lock (_kept)
            {
                again = [.. _kept];
                next = again.Length > 0 ? again[0].Sequence : _sequence + 1;
            }
            await messages.SendAsync(new Continue(rewind, next), stopping);
            foreach ((_, byte[] frame) in again)
            {
                await messages.SendAsync(frame, stopping);
            }
        }
        finally
        {
            _ = _order.Release();
        }
    }

    private void Forget(ulong saved)
    {
        lock (_kept)
        {
            while (_kept.TryPeek(out (ulong Sequence, byte[] Frame) oldest) && oldest.Sequence <= saved)
            {
                _ = _kept.Dequeue();
            }
        }
    }

    private static T Parse<T>(ReadOnlyMemory<byte> message) where T : IEdgeMessage<T> =>
        EdgeFrame.TryOpen(message.Span, out EdgeMessageType type, out ReadOnlySpan<byte> payload, out string? error) && type == T.Type && MessageReader.TryRead(payload, out T parsed)
            ? parsed
            : throw new InvalidDataException(error ?? $"{type} where {T.Type} was expected");

    private static long NowNs() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
}
