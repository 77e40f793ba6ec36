using System.Text;
using KismetOrleans.Grains.Places;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Silo.Tests;

/// <summary>Pictures that no floor has are forgotten a day after they came, when the next one comes; those of floors stay.</summary>
public sealed class PlanPictureTests
{
    [Fact]
    public async Task Pictures_that_no_floor_has_are_forgotten()
    {
        ShiftedClock clock = new();
        await using TwoSilos silos = await TwoSilos.StartAsync(services => services.AddSingleton<TimeProvider>(clock));
        IPlacesGrain places = silos.Client.GetGrain<IPlacesGrain>(0);
        Assert.Null(await places.AddPictureAsync("unused", [1]));
        Assert.Null(await places.AddPictureAsync("used", [2]));
        PlacesOutcome missing = await places.ReplaceAsync(Encoding.UTF8.GetBytes("""{"buildings": [{"floors": [{"plan": {"picture": "other"}}]}]}"""), 0);
        Assert.Equal((false, "other"), (missing.IsKept, missing.Missing));
        PlacesOutcome kept = await places.ReplaceAsync(Encoding.UTF8.GetBytes("""{"buildings": [{"floors": [{"plan": {"picture": "used"}}]}]}"""), 0);
        Assert.True(kept.IsKept);
        clock.Shift = TimeSpan.FromHours(23);
        Assert.Null(await places.AddPictureAsync("next", [3]));
        Assert.Equal((byte[])[1, 2, 3], await PicturesAsync(silos, "unused", "used", "next"));
        clock.Shift = TimeSpan.FromHours(25);
        Assert.Null(await places.AddPictureAsync("last", [4]));
        Assert.Equal((byte[])[2, 3, 4], await PicturesAsync(silos, "unused", "used", "next", "last"));
    }

    private static async Task<byte[]> PicturesAsync(TwoSilos silos, params string[] ids)
    {
        List<byte> all = [];
        foreach (string id in ids)
        {
            all.AddRange(await silos.Client.GetGrain<IPlanPictureGrain>(id).ReadAsync());
        }
        return [.. all];
    }

    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
