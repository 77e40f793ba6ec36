using KismetOrleans.Engine.Partitions;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>Every number has one bucket, those on a border the one above, whatever rounding does.</summary>
public class BucketsTests
{
    [Theory]
    [InlineData(-0.001, -1)]
    [InlineData(0, 0)]
    [InlineData(0.999, 0)]
    [InlineData(1, 1)]
    [InlineData(9.999999999999999, 9)]
    [InlineData(10, 10)]
    [InlineData(double.MaxValue, 10)]
    [InlineData(double.MinValue, -1)]
    public void A_number_has_one_bucket(double number, int bucket) => Assert.Equal(bucket, new Buckets(0, 10, 10).Of(number));

    [Fact]
    public void Numbers_right_below_the_end_stay_inside()
    {
        Random random = new(7);
        for (int i = 0; i < 10_000; i++)
        {
            double from = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-5, 15));
            double to = from + Math.Pow(10, random.Next(-5, 15));
            if (!(to > from))
            {
                continue;
            }
            Buckets buckets = new(from, to, random.Next(1, Buckets.MaxCount + 1));
            Assert.Equal((0, buckets.Count), (buckets.Of(from), buckets.Of(to)));
            Assert.InRange(buckets.Of(Math.BitDecrement(to)), 0, buckets.Count - 1);
            Assert.Equal(-1, buckets.Of(Math.BitDecrement(from)));
        }
    }
}
