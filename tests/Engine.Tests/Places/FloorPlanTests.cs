using KismetOrleans.Engine.Places;

namespace KismetOrleans.Engine.Tests.Places;

/// <summary>Pictures of floors: what they are by their first bytes, and how their points make them a plan in metres.</summary>
public sealed class FloorPlanTests
{
    [Fact]
    public void Two_points_turn_move_and_scale_and_mirror_nothing()
    {
        // 0.05 m a pixel, turned by 30°: pixels count down, metres up.
        PlanFit fit = PlanFit.Of([At(100, 400, 5, 2), At(500, 400, 5 + (20 * Math.Cos(Math.PI / 6)), 2 + (20 * Math.Sin(Math.PI / 6)))])!;
        Assert.Equal((0.05, 0), (Math.Round(fit.Scale, 9), Math.Round(fit.Error, 9)));
        (double x, double y) = fit.ToMetres(100, 200);
        // 200 pixels up are 10 m, a quarter turn against the clock from the first direction.
        Assert.Equal((5 - 5, 2 + 8.660254), (Math.Round(x, 6), Math.Round(y, 6)));
    }

    [Fact]
    public void Three_points_stretch_and_shear()
    {
        PlanFit fit = PlanFit.Of([At(0, 0, 1, 30), At(1000, 0, 41, 30), At(0, 500, 1, 0), At(1000, 500, 41, 0)])!;
        Assert.Equal((0, Math.Round(Math.Sqrt(0.04 * 0.06), 9)), (Math.Round(fit.Error, 9), Math.Round(fit.Scale, 9)));
        Assert.Equal((21, 15), (Math.Round(fit.ToMetres(500, 250).X, 9), Math.Round(fit.ToMetres(500, 250).Y, 9)));
    }

    [Fact]
    public void Points_that_contradict_each_other_leave_an_error()
    {
        // A square whose corners are off by a metre, in turn out and in.
        PlanFit fit = PlanFit.Of([At(0, 0, 1, 10), At(100, 0, 9, 10), At(0, 100, -1, 0), At(100, 100, 11, 0)])!;
        Assert.Equal(1, Math.Round(fit.Error, 9));
    }

    [Fact]
    public void More_points_on_a_line_are_as_good_as_two()
    {
        PlanFit fit = PlanFit.Of([At(0, 0, 0, 0), At(100, 0, 10, 0), At(200, 0, 20, 0)])!;
        Assert.Equal((0, 10), (Math.Round(fit.ToMetres(0, -100).X, 9), Math.Round(fit.ToMetres(0, -100).Y, 9)));
    }

    [Fact]
    public void Points_that_say_nothing_make_no_plan()
    {
        Assert.Null(PlanFit.Of([At(0, 0, 0, 0)]));
        Assert.Null(PlanFit.Of([At(5, 5, 0, 0), At(5, 5, 1, 0)]));
        Assert.Null(PlanFit.Of([At(0, 0, 3, 3), At(100, 0, 3, 3)]));
        Assert.Null(PlanFit.Of([At(0, 0, 0, 0), At(100, 0, 5000, 0)]));
        // All of three on one spot of the ground.
        Assert.Null(PlanFit.Of([At(0, 0, 3, 3), At(100, 0, 3, 3), At(0, 100, 3, 3)]));
    }

    [Theory]
    // PNG, 640 by 480.
    [InlineData("89504E470D0A1A0A0000000D4948445200000280000001E00802000000", "image/png", 640, 480)]
    // JPEG: APP0, a comment, and SOF2 of 300 by 200.
    [InlineData("FFD8FFE000104A46494600010100000100010000FFFE00046869FFC2001108" + "00C8012C" + "03", "image/jpeg", 300, 200)]
    public void A_picture_is_told_by_its_bytes(string hex, string type, int width, int height)
    {
        PlanPicture picture = PlanPicture.Of(Convert.FromHexString(hex), out string? error)!;
        Assert.Null(error);
        Assert.Equal((type, width, height, 64), (picture.ContentType, picture.Width, picture.Height, picture.Id.Length));
    }

    [Theory]
    [InlineData("", "expected a PNG or JPEG picture")]
    [InlineData("3C73766720786D6C6E733D", "expected a PNG or JPEG picture; make one of a plan that is SVG or PDF")]
    [InlineData("89504E470D0A1A0A0000000D49484452000002", "expected a PNG or JPEG picture")]
    [InlineData("FFD8FFE000", "expected a PNG or JPEG picture")]
    [InlineData("FFD8FFFFFFFFFFFFFFFFFFFF", "expected a PNG or JPEG picture")]
    [InlineData("89504E470D0A1A0A0000000D49484452FFFFFFFF000001E00802000000", "the picture is 2147483647 by 480 pixels, 8192 a side are the most")]
    [InlineData("89504E470D0A1A0A0000000D4948445200000000000001E00802000000", "the picture is 0 by 480 pixels, 8192 a side are the most")]
    public void What_is_no_picture_or_too_large_is_refused(string hex, string message)
    {
        Assert.Null(PlanPicture.Of(Convert.FromHexString(hex), out string? error));
        Assert.StartsWith(message, error, StringComparison.Ordinal);
    }

    private static ReferencePoint At(double right, double down, double x, double y) => new() { Right = right, Down = down, X = x, Y = y };
}
