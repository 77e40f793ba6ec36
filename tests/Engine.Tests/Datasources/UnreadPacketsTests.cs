using KismetOrleans.Engine.Datasources;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Datasources;

/// <summary>A source of which most packets cannot be read says so; a radio that hears noise does not.</summary>
public sealed class UnreadPacketsTests
{
    private readonly UnreadPackets _unread = new();

    [Theory]
    [InlineData(3, 2, 0, false, true)] // a file is judged by what it has
    [InlineData(2, 2, 0, false, false)]
    [InlineData(3, 0, 3, false, true)]
    [InlineData(3, 3, 0, true, false)] // the first packets of a radio prove nothing
    [InlineData(99, 99, 0, true, false)]
    [InlineData(100, 60, 0, true, true)]
    [InlineData(100, 40, 0, true, false)]
    [InlineData(100_000, 0, 99_000, true, false)] // noise, and among it what is sound
    [InlineData(100_000, 900, 99_000, true, true)] // most of what is sound cannot be read
    [InlineData(999, 0, 999, true, false)]
    [InlineData(1_000, 0, 1_000, true, true)] // nothing sound at all: the radio is set up wrongly
    public void A_file_is_judged_by_all_it_has_and_a_radio_by_what_is_no_noise(long packets, int broken, int damaged, bool isLive, bool fails)
    {
        AnomalyCounts because = new();
        for (int i = 0; i < broken; i++)
        {
            because.Note(Anomalies.LinkHeaderMalformed);
        }
        for (int i = 0; i < damaged; i++)
        {
            because.Note(i % 2 == 0 ? Anomalies.FcsBad : Anomalies.BluetoothCrcBad);
        }
        Assert.Equal(fails, _unread.Reason(packets, broken + damaged, because, isLive).Length > 0);
    }
}
