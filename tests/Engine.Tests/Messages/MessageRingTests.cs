using KismetOrleans.Engine.Messages;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Tests.Messages;

/// <summary>The newest messages are kept, oldest first.</summary>
public sealed class MessageRingTests
{
    [Fact]
    public void The_oldest_make_room()
    {
        MessageRing ring = new();
        ring.Add(Enumerable.Range(0, MessageRing.Capacity + 7).Select(i => Message((uint)i)));
        ring.Add([Message(100)]);
        Assert.Equal([.. Enumerable.Range(8, MessageRing.Capacity - 1).Select(i => (uint)i), 100u], ring.Since(-1).Select(message => message.Seconds));
    }

    [Fact]
    public void Since_is_strictly_newer()
    {
        MessageRing ring = new();
        ring.Add([Message(0), Message(5), Message(5), Message(6)]);
        Assert.Equal([0u, 5u, 5u, 6u], ring.Since(-1).Select(message => message.Seconds));
        Assert.Equal([5u, 5u, 6u], ring.Since(0).Select(message => message.Seconds));
        Assert.Equal([6u], ring.Since(5).Select(message => message.Seconds));
        Assert.Empty(ring.Since(6));
        Assert.Empty(ring.Since(long.MaxValue));
    }

    [Fact]
    public void What_was_read_does_not_change()
    {
        MessageRing ring = new();
        ring.Add([Message(1)]);
        IReadOnlyList<MessageRecord> read = ring.Since(-1);
        ring.Add([Message(2)]);
        Assert.Single(read);
    }

    private static MessageRecord Message(uint second) => new($"at {second}", MessageFlags.Info, second);
}
