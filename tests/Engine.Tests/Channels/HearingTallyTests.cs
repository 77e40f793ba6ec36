using KismetOrleans.Engine.Channels;

namespace KismetOrleans.Engine.Tests.Channels;

/// <summary>Which sources hear the same devices.</summary>
public sealed class HearingTallyTests
{
    [Fact]
    public void Devices_that_two_heard_since_then_are_counted_for_each_two()
    {
        Rig rig = new();
        // 1 and 2 hear two in common, 3 one of them and one of its own, and another source is not asked for.
        (byte Device, ushort[] Sources)[] heard = [(1, [1, 2, 9]), (2, [1, 2, 3]), (3, [1]), (4, [3])];
        foreach ((byte device, ushort[] sources) in heard)
        {
            foreach (ushort source in sources)
            {
                _ = rig.Hear(Probe(device), at: source, source: source);
            }
        }
        Assert.Equal([3, 2, 1, 2, 2, 1, 1, 1, 2], Count(rig, 0, 1, 2, 3));
        // What was heard last before that says nothing.
        uint last = rig.Devices.All.ToArray().SelectMany(static device => device.SeenBy).Where(static seen => seen.SourceNumber == 2).Max(static seen => seen.LastTime);
        Assert.Equal([0, 0, 0, 0, 2, 1, 0, 1, 2], Count(rig, last, 1, 2, 3));
        Assert.Equal([3, 2, 1, 5], HearingShare.Sum([new([1, 2, 0, 3]), new([2, 0, 1, 2])]).Counts);
        Assert.Empty(HearingShare.Sum([]).Counts);
    }

    [Fact]
    public void What_nearly_all_hear_says_nothing_of_who_stands_beside_whom()
    {
        Rig rig = new();
        for (ushort source = 1; source <= 33; source++)
        {
            _ = rig.Hear(Probe(1), source: source);
        }
        Assert.Equal(0, Count(rig, 0, [.. Enumerable.Range(1, 33).Select(static i => (ushort)i)]).Sum());
        Assert.Equal([1, 1, 1, 1], Count(rig, 0, 1, 2));
    }

    private static int[] Count(Rig rig, uint since, params ushort[] sources)
    {
        HearingTally tally = new(new(sources, since));
        while (!tally.Advance(rig.Devices))
        {
        }
        return tally.Share.Counts;
    }

    // Probe request to everyone, wildcard SSID, rates 1 to 11 Mbit/s.
    private static byte[] Probe(byte last) => Convert.FromHexString($"40000000FFFFFFFFFFFF0200000000{last:X2}FFFFFFFFFFFF0000" + "0000" + "010402040B16");
}
