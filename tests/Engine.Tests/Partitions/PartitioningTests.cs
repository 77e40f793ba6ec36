using KismetOrleans.Engine.Partitions;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>Devices spread evenly over partitions, and always the same way.</summary>
public sealed class PartitioningTests
{
    // Another value on another host or after an update would split a device in two: these numbers must never change.
    [Theory]
    [InlineData(0x001122334455UL, 2, 1)]
    [InlineData(0x001122334455UL, 5, 2)]
    [InlineData(0x001122334455UL, 16, 8)]
    [InlineData(0x0C0000000001UL, 5, 4)]
    public void Owners_are_the_same_for_good(ulong address, int count, int owner) =>
        Assert.Equal(owner, Partitioning.OfDot11(new(address), count));

    [Fact]
    public void One_partition_owns_everything()
    {
        Assert.Equal(0, Partitioning.OfDot11(new(0x001122334455), 1));
        Assert.Equal(0, Partitioning.Of(new DeviceId(Phy.Btle, new(0x001122334455)), 1));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(16)]
    public void Neighbouring_addresses_spread_evenly(int count)
    {
        const int Devices = 20_000;
        int[] owned = new int[count];
        for (uint i = 0; i < Devices; i++)
        {
            // The addresses of one maker's access points: four apart.
            owned[Partitioning.OfDot11(new(0x00156D_000000UL + (4 * i)), count)]++;
        }
        Assert.All(owned, n => Assert.InRange(n, Devices / count * 0.9, Devices / count * 1.1));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void The_short_way_for_Wi_Fi_is_the_same_as_the_long_one(int count)
    {
        Random random = new(3);
        for (int i = 0; i < 1000; i++)
        {
            MacAddress address = new((ulong)random.NextInt64(1L << 48));
            Assert.Equal(Partitioning.Of(new DeviceId(Phy.Dot11, address), count), Partitioning.OfDot11(address, count));
        }
    }
}
