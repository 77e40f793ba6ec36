using System.Collections.Concurrent;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Wire;

namespace KismetOrleans.Capture.Tests.Edge;

/// <summary>A radio that hears what the test gives it.</summary>
internal sealed class FakeRadio
{
    private readonly BlockingCollection<PacketBatch> _given = [];
    private TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    /// <summary>How often it fails to open.</summary>
    public int Failures { get; set; }

    /// <summary>How often somebody opened it.</summary>
    public int Opened { get; private set; }

    /// <summary>Completes when everything given has been read and the reader has come back for more.</summary>
    public Task Taken => Volatile.Read(ref _taken).Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Give(PacketBatch batch)
    {
        Volatile.Write(ref _taken, new(TaskCreationOptions.RunContinuationsAsynchronously));
        Interlocked.Increment(ref _open);
        _given.Add(batch);
    }

    public IPacketSource Open()
    {
        Opened++;
        return Failures-- > 0 ? throw new PacketSourceException("unplugged") : new Source(this);
    }

    private sealed class Source(FakeRadio radio) : IPacketSource
    {
        private bool _read;

        public LinkType LinkType => LinkType.Ieee80211;

        public string Interface => "wlan0";

        public string? Error => null;

        public double? Progress => null;

        public long Dropped => 0;

        public bool TryRead(PacketBatch batch, CancellationToken cancellation)
        {
            if (_read && Interlocked.Decrement(ref radio._open) == 0)
            {
                Volatile.Read(ref radio._taken).TrySetResult();
            }
            _read = false;
            PacketBatch given = radio._given.Take(cancellation);
            _read = true;
            given.Bytes.CopyTo(batch.Bytes, 0);
            given.Packets.CopyTo(batch.Packets, 0);
            batch.Count = given.Count;
            return true;
        }

        public void Dispose()
        {
        }
    }
}
