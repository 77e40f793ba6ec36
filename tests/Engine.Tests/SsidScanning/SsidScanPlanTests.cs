using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.SsidScanning;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Tests.SsidScanning;

/// <summary>Which sources stay where a network is that is looked for, and for how long.</summary>
public sealed class SsidScanPlanTests
{
    private const long Start = 1_000_000;
    private static readonly SsidScanSettings s_settings = new()
    {
        Enabled = true,
        Targets = ["campus"],
        Locking = [Uuid(1), Uuid(2)],
        Hopping = [Uuid(3)],
        MaxCaptureSeconds = 20,
        MinScanSeconds = 10,
    };

    private readonly SsidScanPlan _plan = new();
    private readonly DatasourceRecord[] _sources = [Source(1), Source(2), Source(3), Source(4)];

    [Fact]
    public void A_source_stays_where_a_target_is_until_there_is_a_handshake()
    {
        Assert.Equal("", Decide(0, Target(1, "6")));
        Assert.Equal("", Decide(9, Target(1, "6")));
        Assert.Equal("1 6", Decide(10, Target(1, "6")));
        Assert.Equal([new SsidScanLock(Uuid(1), new(1), "campus", "6", Start + 10)], _plan.Locks);
        Assert.Equal("", Decide(11, Target(1, "6")));
        Assert.Equal("1 hop", Decide(12, Target(1, "6", handshake: true)));
        Assert.Empty(_plan.Locks);
        // It is left alone from now on.
        Assert.Equal("", Decide(100, Target(1, "6", handshake: true)));
    }

    [Fact]
    public void A_source_goes_on_when_its_time_is_over_and_hops_before_it_stays_again()
    {
        _ = Decide(0);
        Assert.Equal("1 6", Decide(10, Target(1, "6")));
        Assert.Equal("", Decide(29, Target(1, "6")));
        // The other one hopped long enough.
        Assert.Equal("1 hop, 2 6", Decide(30, Target(1, "6")));
        // Both stayed once; who waited longer is next, and has hopped ten seconds before.
        Assert.Equal("2 hop, 1 6", Decide(50, Target(1, "6")));
        // Off the air: time alone ends it.
        Assert.Equal("", Decide(60));
        Assert.Equal("1 hop", Decide(70));
    }

    [Fact]
    public void Targets_take_turns_and_one_source_is_enough_for_a_channel()
    {
        SsidScanSettings one = s_settings with { Locking = [Uuid(1)], MinScanSeconds = 0 };
        Assert.Equal("1 6", Decide(one, 0, Target(1, "6"), Target(2, "11")));
        Assert.Equal("1 11", Decide(one, 20, Target(1, "6"), Target(2, "11")));
        Assert.Equal("1 6", Decide(one, 40, Target(1, "6"), Target(2, "11")));
        SsidScanPlan both = new();
        SsidScanSettings two = s_settings with { MinScanSeconds = 0 };
        Assert.Equal(["1 6", "2 11"], both.Decide(two, _sources, [Target(1, "6"), Target(2, "6"), Target(3, "11")], Start).Select(Text));
    }

    [Fact]
    public void Only_who_hears_a_target_can_tune_to_it_and_may_stay_does()
    {
        SsidScanSettings settings = s_settings with { MinScanSeconds = 0 };
        Assert.Equal("", Decide(settings, 0, Target(1, "36")));
        Assert.Equal("", Decide(settings, 0, Target(1, "")));
        Assert.Equal("", Decide(settings, 0, Target(1, "6") with { SeenBy = [Uuid(3), Uuid(4)] }));
        _sources[1] = Source(2) with { Definition = "wlan0:plan=auto" };
        Assert.Equal("", Decide(settings, 0, Target(1, "6") with { SeenBy = [Uuid(2)] }));
        _sources[1] = Source(2) with { Paused = true };
        Assert.Equal("", Decide(settings, 0, Target(1, "6") with { SeenBy = [Uuid(2)] }));
        _sources[1] = Source(2);
        Assert.Equal("2 6", Decide(settings, 0, Target(1, "6") with { SeenBy = [Uuid(2)] }));
    }

    [Fact]
    public void Sources_hop_while_they_look_and_others_are_left_where_they_are()
    {
        _ = Decide(0);
        for (int i = 0; i < _sources.Length; i++)
        {
            _sources[i] = _sources[i] with { Hopping = false, Channel = "1" };
        }
        Assert.Equal("1 hop, 2 hop, 3 hop", Decide(1));
        // One that refuses is left alone for a minute.
        _plan.Refused(Uuid(3), Start + 1);
        Assert.Equal("1 hop, 2 hop", Decide(2));
        Assert.Equal("1 hop, 2 hop, 3 hop", Decide(61));
    }

    [Fact]
    public void When_it_is_off_who_stays_hops_and_nobody_is_told_more()
    {
        SsidScanSettings settings = s_settings with { MinScanSeconds = 0 };
        Assert.Equal("1 6", Decide(settings, 0, Target(1, "6")));
        Assert.Equal("1 hop", Decide(settings with { Enabled = false }, 1));
        _sources[0] = Source(1) with { Hopping = false };
        Assert.Equal("", Decide(settings with { Enabled = false }, 5, Target(1, "6")));
    }

    [Fact]
    public void A_source_that_goes_away_stays_nowhere()
    {
        SsidScanSettings settings = s_settings with { MinScanSeconds = 0 };
        Assert.Equal("1 6", Decide(settings, 0, Target(1, "6")));
        _sources[0] = Source(1) with { Running = false };
        Assert.Equal("2 6", Decide(settings, 1, Target(1, "6")));
        _plan.Refused(Uuid(2), Start + 1);
        Assert.Empty(_plan.Locks);
        Assert.Equal("", Decide(settings, 60, Target(1, "6")));
        Assert.Equal("2 6", Decide(settings, 61, Target(1, "6")));
    }

    [Fact]
    public void Where_handshakes_do_not_matter_a_source_stays_for_its_time()
    {
        SsidScanSettings settings = s_settings with { MinScanSeconds = 0, IgnoreAfterHandshake = false, Locking = [Uuid(1)] };
        Assert.Equal("1 6", Decide(settings, 0, Target(1, "6", handshake: true)));
        Assert.Equal("", Decide(settings, 19, Target(1, "6", handshake: true)));
        Assert.Equal("1 hop", Decide(settings, 20));
    }

    private string Decide(long second, params SsidTarget[] targets) => Decide(s_settings, second, targets);

    private string Decide(SsidScanSettings settings, long second, params SsidTarget[] targets) => string.Join(", ", _plan.Decide(settings, _sources, targets, Start + second).Select(Text));

    private static string Text(SsidScanStep step) => $"{step.Source.ToString()[7]} {step.Channel ?? "hop"}";

    private static SsidTarget Target(int number, string channel, bool handshake = false) => new(new((ulong)number), "campus", channel, handshake, [Uuid(1), Uuid(2), Uuid(3)]);

    private static Guid Uuid(int number) => new(number, 0, 0, new byte[8]);

    private static DatasourceRecord Source(int number) => SourceRows.ToRecord(SourceRows.OfRemote(Uuid(number))) with
    {
        Driver = SourceDrivers.Libpcap,
        Running = true,
        Hopping = true,
        Definition = "wlan0",
        Channels = ["1", "6", "11"],
    };
}
