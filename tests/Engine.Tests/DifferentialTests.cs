using KismetOrleans.Fuzz;

namespace KismetOrleans.Engine.Tests;

/// <summary>Frames with every element in every order, length and fault: our records say what tshark says. At night's size: <c>fuzz --differential 1000000</c>.</summary>
public sealed class DifferentialTests
{
    [TsharkTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Records_say_of_odd_frames_what_tshark_says(int seed)
    {
        string capture = Path.Combine(Path.GetTempPath(), $"differential-{Guid.NewGuid():N}.pcap");
        try
        {
            IReadOnlyList<Difference> found = await Differential.CompareAsync(3000, seed, capture);
            Assert.Empty(found);
        }
        finally
        {
            File.Delete(capture);
        }
    }
}

/// <summary>A test that is skipped, with a note, where tshark is missing.</summary>
public sealed class TsharkTheoryAttribute : TheoryAttribute
{
    public TsharkTheoryAttribute() => Skip = Differential.IsPossible ? null : "There is no tshark.";
}
