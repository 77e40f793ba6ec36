using KismetOrleans.Capture.Edge.Sending;
using KismetOrleans.Capture.Edge.Spooling;
using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Capture.Tests.Edge.Sending;

/// <summary>A source without a radio: its spool is filled by the test.</summary>
internal sealed class FakeSide(Spool spool) : ISensorSide
{
    public static readonly Guid Uuid = Guid.Parse("11111111-2222-8333-8444-555555555555");

    public string Name => "fake";

    Guid ISensorSide.Uuid => Uuid;

    /// <summary>No more comes.</summary>
    public bool Ended { get; set; }

    public bool IsDone => Ended && spool.IsSaved;

    public Func<Order, Task<string?>> Orders { get; set; } = static _ => Task.FromResult<string?>(null);

    public Hello Hello() => new() { Uuid = Uuid, BootId = spool.BootId, FirstSequence = spool.FirstFrom(0), Name = Name };

    public Health Health() => new() { Running = !Ended, Ended = Ended, SpoolLost = spool.Fill.LostPackets };

    public void Heard()
    {
    }

    public void Take(Profile profile)
    {
    }

    public Task<string?> CarryOutAsync(Order order, CancellationToken cancellation) => Orders(order);
}
