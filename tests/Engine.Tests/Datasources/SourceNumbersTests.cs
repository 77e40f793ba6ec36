using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Tests.Auth;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>Numbers of sources are not given away for ever, and not all to phones.</summary>
public sealed class SourceNumbersTests
{
    private readonly HandClock _clock = new();
    private readonly SourceNumbers _numbers;

    public SourceNumbersTests() => _numbers = new(_clock);

    [Fact]
    public void They_are_given_one_after_the_other()
    {
        _numbers.Use(7, isVirtual: false);
        Assert.Equal([8, 9], [_numbers.Take(NumberClass.Virtual), _numbers.Take(NumberClass.Sensor)]);
    }

    [Fact]
    public void Phones_leave_some_to_sensors_and_sensors_some_to_the_server()
    {
        Assert.Equal(ushort.MaxValue - SourceNumbers.KeptForSensors, TakeAll(NumberClass.Virtual));
        Assert.True(_numbers.IsVirtualCrowded);
        Assert.Equal(SourceNumbers.KeptForSensors - SourceNumbers.KeptForServer, TakeAll(NumberClass.Sensor));
        Assert.True(_numbers.IsCrowded);
        Assert.Equal(0, _numbers.Take(NumberClass.Virtual));
        Assert.Equal(SourceNumbers.KeptForServer, TakeAll(NumberClass.Server));
    }

    [Fact]
    public void One_that_is_given_back_rests_and_comes_after_all_others()
    {
        Assert.Equal([1, 2], [_numbers.Take(NumberClass.Virtual), _numbers.Take(NumberClass.Virtual)]);
        _numbers.Return(1, isVirtual: true);
        _clock.Advance(SourceNumbers.Hold);
        Assert.Equal(3, _numbers.Take(NumberClass.Virtual));
        _numbers.Return(2, isVirtual: true);
        _ = TakeAll(NumberClass.Server);
        Assert.Equal(0, _numbers.Take(NumberClass.Server));
        _clock.Advance(SourceNumbers.Hold - TimeSpan.FromSeconds(1));
        Assert.Equal(0, _numbers.Take(NumberClass.Server));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _numbers.Take(NumberClass.Server));
        Assert.Equal(0, _numbers.Take(NumberClass.Server));
    }

    [Fact]
    public void Those_that_an_earlier_life_took_back_rest_too()
    {
        _numbers.Use(1, isVirtual: false);
        _numbers.Use(ushort.MaxValue, isVirtual: false);
        _numbers.RestUnused();
        Assert.Equal(0, _numbers.Take(NumberClass.Server));
        _clock.Advance(SourceNumbers.Hold);
        Assert.Equal(2, _numbers.Take(NumberClass.Server));
    }

    private int TakeAll(NumberClass asks)
    {
        int taken = 0;
        while (_numbers.Take(asks) != 0)
        {
            taken++;
        }
        return taken;
    }
}
