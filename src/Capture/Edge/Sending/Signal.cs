using System.Threading.Channels;

namespace KismetOrleans.Capture.Edge.Sending;

/// <summary>Wakes one who waits; what comes while nobody waits is kept, once.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _ = _channel.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken cancellation) => _ = await _channel.Reader.ReadAsync(cancellation);
}
