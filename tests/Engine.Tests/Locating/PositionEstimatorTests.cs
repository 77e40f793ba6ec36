using KismetOrleans.Engine.Locating;

namespace KismetOrleans.Engine.Tests.Locating;

/// <summary>Positions on a plan of our own making, whose truth is known.</summary>
public sealed class PositionEstimatorTests
{
    private const int Devices = 400;

    private readonly PositionEstimator _estimator = new();

    [Fact]
    public void Nothing_heard_is_no_estimate() => Assert.Null(_estimator.Estimate([], [new(0, 0, 0)]));

    [Fact]
    public void One_sensor_says_near_and_how_far_at_most()
    {
        PositionEstimate loud = _estimator.Estimate([new(new(5, 6, 2), -45, false)], []) ?? default;
        PositionEstimate faint = _estimator.Estimate([new(new(5, 6, 2), -80, false)], []) ?? default;
        Assert.Equal((PositionKind.Near, 5, 6, 2, 1), (loud.Kind, loud.East, loud.North, loud.Floor, loud.Places));
        Assert.InRange(loud.Within95.SemiMajor, 1, 15);
        Assert.InRange(faint.Within95.SemiMajor, 25, 200);
        Assert.True(faint.Within68.SemiMajor < faint.Within95.SemiMajor);
    }

    [Fact]
    public void The_radios_of_one_place_are_one() =>
        Assert.Equal(PositionKind.Near, _estimator.Estimate([new(new(5, 6, 2), -45, false), new(new(5, 6, 2), -48, true)], [])?.Kind);

    [Fact]
    public void Two_say_an_area_between_them()
    {
        PositionEstimate estimate = _estimator.Estimate([new(new(0, 0, 0), -55, false), new(new(12, 0, 0), -55, false)], []) ?? default;
        Assert.Equal((PositionKind.Area, 2), (estimate.Kind, estimate.Places));
        Assert.InRange(estimate.East, 4, 8);
        Assert.InRange(estimate.North, -3, 3);
    }

    [Fact]
    public void Any_numbers_give_finite_ones()
    {
        Random random = new(5);
        for (int i = 0; i < 500; i++)
        {
            SensorSignal[] heard = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => new SensorSignal(
                new(random.Next(-3000, 3000), random.Next(-3000, 3000), random.Next(-2, 9)), random.Next(-128, 128), random.Next(2) == 0))];
            PositionEstimate estimate = _estimator.Estimate(heard, [.. heard.Take(random.Next(5)).Select(static one => one.Sensor), new(1e9, -1e9, 5)]) ?? default;
            Assert.True(double.IsFinite(estimate.East) && double.IsFinite(estimate.North));
            Assert.True(estimate.Within68.SemiMinor > 0 && estimate.Within68.SemiMinor <= estimate.Within68.SemiMajor && estimate.Within68.SemiMajor < estimate.Within95.SemiMajor);
            Assert.InRange(estimate.Within95.Angle, 0, 180);
        }
    }

    [Fact]
    public void Ellipses_hold_and_floors_are_right_where_sensors_hang_in_two_floors()
    {
        // 40 by 24 metres, two floors, walls every 8 metres, devices of any power.
        Random random = new(18);
        SensorPoint[] sensors = [.. from floor in (int[])[0, 1] from x in (int[])[4, 14, 26, 36] from y in (int[])[5, 19] select new SensorPoint(x + (3 * floor), y, floor)];
        List<double> errors = [];
        (int within68, int within95, int floors, int estimates) = (0, 0, 0, 0);
        for (int device = 0; device < Devices; device++)
        {
            (double x, double y, int floor) = (random.NextDouble() * 40, random.NextDouble() * 24, random.Next(2));
            double power = -40 + (5 * Normal(random));
            List<SensorSignal> heard = [];
            List<SensorPoint> silent = [];
            foreach (SensorPoint sensor in sensors)
            {
                int walls = Math.Abs((int)(sensor.East / 8) - (int)(x / 8)) + (sensor.North > 12 != y > 12 ? 1 : 0);
                int ceilings = Math.Abs(sensor.Floor - floor);
                double distance = Math.Sqrt(Math.Pow(sensor.East - x, 2) + Math.Pow(sensor.North - y, 2) + 4 + (12 * ceilings));
                double dbm = power - (20 * Math.Log10(distance)) - (4 * walls) - (15 * ceilings) + (4 * Normal(random));
                if (dbm > -88)
                {
                    heard.Add(new(sensor, (float)Math.Round(dbm), false));
                }
                else
                {
                    silent.Add(sensor);
                }
            }
            if (heard.Count < 3 || _estimator.Estimate([.. heard], [.. silent]) is not { } estimate)
            {
                continue;
            }
            estimates++;
            errors.Add(Math.Sqrt(Math.Pow(estimate.East - x, 2) + Math.Pow(estimate.North - y, 2)));
            floors += estimate.Floor == floor ? 1 : 0;
            within68 += IsWithin(estimate, estimate.Within68, x, y) ? 1 : 0;
            within95 += IsWithin(estimate, estimate.Within95, x, y) ? 1 : 0;
        }
        errors.Sort();
        Assert.True(estimates > Devices * 0.9);
        Assert.InRange(errors[errors.Count / 2], 0, 4.5);
        Assert.InRange(100.0 * floors / estimates, 95, 100);
        Assert.InRange(100.0 * within68 / estimates, 58, 82);
        Assert.InRange(100.0 * within95 / estimates, 88, 100);
    }

    [Fact]
    public void An_estimate_allocates_nothing()
    {
        SensorSignal[] heard = [new(new(0, 0, 0), -55, false), new(new(12, 0, 0), -55, false), new(new(5, 9, 0), -60, false)];
        SensorPoint[] silent = [new(30, 0, 0), new(0, 30, 0)];
        _ = _estimator.Estimate(heard, silent);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = _estimator.Estimate(heard, silent);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static bool IsWithin(in PositionEstimate estimate, PositionEllipse ellipse, double x, double y)
    {
        (double sin, double cos) = Math.SinCos(ellipse.Angle * Math.PI / 180);
        (double east, double north) = (x - estimate.East, y - estimate.North);
        return Math.Pow(((east * cos) + (north * sin)) / ellipse.SemiMajor, 2) + Math.Pow(((north * cos) - (east * sin)) / ellipse.SemiMinor, 2) <= 1;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
