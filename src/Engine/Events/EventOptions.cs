namespace KismetOrleans.Engine.Events;

/// <summary>Bounds of live events: settings <c>Events:…</c>.</summary>
public sealed record EventOptions
{
    /// <summary>Events that may wait for a client: a second of a busy campus.</summary>
    public int QueueEvents { get; init; } = 4096;

    /// <summary>Bytes that may wait for a client.</summary>
    public int QueueBytes { get; init; } = 4 << 20;

    /// <summary>Websockets of clients at a time (events, monitors, positions and echo together); more are answered 429.</summary>
    public int MaxSockets { get; init; } = 128;

    /// <summary>Those of one caller, a key or else an address.</summary>
    public int MaxSocketsEach { get; init; } = 32;

    /// <summary>Monitors that one websocket may run: each looks through the devices.</summary>
    public int MaxMonitors { get; init; } = 16;

    /// <summary>How long one message may take to be sent before its client counts as gone.</summary>
    public TimeSpan SendWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a client is asked whether it is there.</summary>
    public TimeSpan PingEvery { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long it may take to say so.</summary>
    public TimeSpan PongWithin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Looks whether a server can work with them.</summary>
    /// <exception cref="ArgumentException">It cannot; the message names the setting.</exception>
    public EventOptions Checked()
    {
        Positive(QueueEvents, nameof(QueueEvents));
        Positive(QueueBytes, nameof(QueueBytes));
        Positive(MaxSockets, nameof(MaxSockets));
        Positive(MaxSocketsEach, nameof(MaxSocketsEach));
        Positive(MaxMonitors, nameof(MaxMonitors));
        Positive(SendWithin.Ticks, nameof(SendWithin));
        Positive(PingEvery.Ticks, nameof(PingEvery));
        Positive(PongWithin.Ticks, nameof(PongWithin));
        return this;
    }

    private static void Positive(long value, string name)
    {
        if (value <= 0)
        {
            throw new ArgumentException($"Events:{name}: must be more than 0");
        }
    }
}
