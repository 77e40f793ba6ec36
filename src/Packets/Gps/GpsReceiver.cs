namespace KismetOrleans.Packets.Gps;

/// <summary>A receiver beside a sensor: read by a task of its own, asked by any thread. For a process that needs one place and no more; the server's own are many.</summary>
public sealed class GpsReceiver : IGpsListener, IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;
    private volatile Newest? _newest;
    private volatile string _error = "";
    private readonly bool _isFixed;

    /// <summary>Begins to read.</summary>
    /// <exception cref="GpsException">The definition is of no use here.</exception>
    public GpsReceiver(GpsDefinition definition, TimeProvider clock)
    {
        Check(definition);
        _clock = clock;
        Definition = definition;
        _isFixed = definition.Kind == GpsKind.Virtual;
        if (_isFixed)
        {
            Report(definition.ReadPlace());
        }
        GpsReader? reader = GpsReader.Of(definition, this, clock);
        _reading = reader is null ? Task.CompletedTask : Task.Run(() => reader.RunAsync(_stop.Token));
    }

    /// <summary>Looks whether one can be made, and makes none.</summary>
    /// <exception cref="GpsException">It cannot.</exception>
    public static void Check(GpsDefinition? definition)
    {
        switch (definition?.Kind)
        {
            case GpsKind.Web or GpsKind.Meta:
                throw new GpsException($"gps '{definition.Text}': positions are posted to a server; beside a sensor there is gpsd, tcp, serial or virtual");
            case GpsKind.Virtual:
                _ = definition.ReadPlace();
                break;
            case { }:
                GpsReader.Check(definition);
                break;
        }
    }

    /// <summary>What it was made from.</summary>
    public GpsDefinition Definition { get; }

    /// <summary>Where it is; null without a fix, or when it has been silent for too long. Allocates nothing.</summary>
    public PacketPosition? Current =>
        _newest is { Position.IsValid: true } newest && (_isFixed || _clock.GetElapsedTime(newest.At) <= GpsReader.Holds) ? newest.Position : null;

    /// <summary>What is to be known of it, "" when it is well.</summary>
    public string Warning => _error.Length > 0 ? $"GPS {Definition.Name}: {_error}" : Current is null ? $"GPS {Definition.Name} has no fix" : "";

    /// <inheritdoc/>
    public void Connected() => _error = "";

    /// <inheritdoc/>
    public void Lost(string reason) => _error = reason;

    /// <inheritdoc/>
    public void Report(in GpsFix fix) => _newest = new(new(fix.Latitude, fix.Longitude, fix.Altitude, fix.Fix), _clock.GetTimestamp());

    /// <inheritdoc/>
    public void Touch()
    {
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private sealed record Newest(PacketPosition Position, long At);
}
