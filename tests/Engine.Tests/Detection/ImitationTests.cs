using KismetOrleans.Engine.Alerts;
using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Detection;

/// <summary>Access points that announce something else than before, or than they may.</summary>
public sealed class ImitationTests
{
    // RSN: version 1, CCMP, one pairwise CCMP, one AKM: PSK (2) or SAE (8), capabilities.
    private static readonly byte[] s_psk = Rsn(2);
    private static readonly byte[] s_sae = Rsn(8);
    private static readonly byte[] s_ds6 = Elements.DsParameter(6);
    private static readonly byte[] s_ds11 = Elements.DsParameter(11);
    private readonly AlertRig _rig = new();
    private ushort _sequence;

    public static TheoryData<string, byte[][], byte[][]> Changes => new()
    {
        { "CRYPTODROP", [s_ds6, s_psk], [s_ds6] },
        { "ADVCRYPTCHANGE", [s_ds6], [s_ds6, s_psk] },
        { "ADVCRYPTCHANGE", [s_ds6, s_psk], [s_ds6, s_sae] },
        { "CHANCHANGE", [s_ds6], [s_ds11] },
        { "DOT11D", [Elements.Country("US", 1, 11, 20)], [Elements.Country("CN", 1, 11, 20)] },
        { "DOT11D", [Elements.Country("US", 1, 11, 20)], [Elements.Country("US", 1, 13, 20)] },
    };

    public static TheoryData<byte[][], byte[][]> Innocent => new()
    {
        { [s_ds6, s_psk], [s_ds6, s_psk] },
        // Load, and what else comes and goes.
        { [s_ds6, s_psk, Elements.BssLoad(3, 20)], [s_ds6, s_psk, Elements.BssLoad(30, 200)] },
        { [s_ds6], [] },
        { [Elements.Country("US", 1, 11, 20)], [] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_is_told_and_then_is_what_was_before(string name, byte[][] before, byte[][] after)
    {
        _rig.Hear(Announce(before)).Hear(Announce(before));
        Assert.Empty(_rig.Names);
        Assert.Equal([name], _rig.Hear(Announce(after)).Names);
        Assert.Equal(Ap, _rig.Alerts[0].Other);
        Assert.Empty(_rig.Clear().Hear(Announce(after)).Names);
    }

    [Theory]
    [MemberData(nameof(Innocent))]
    public void What_changes_by_itself_is_not_told(byte[][] before, byte[][] after) =>
        Assert.Empty(_rig.Hear(Announce(before)).Hear(Announce(after)).Names);

    [Fact]
    public void WEP_that_goes_is_told_though_the_elements_stay()
    {
        _rig.Hear(Beacon(Ap, "Campus", 1, EssPrivacy));
        Assert.Equal(["CRYPTODROP"], _rig.Hear(Beacon(Ap, "Campus", 2)).Names);
    }

    [Fact]
    public void Another_network_at_another_address_is_no_change()
    {
        _rig.Hear(Announce([s_ds6, s_psk])).Hear(Beacon(OtherAp, "Campus", 1, Ess, 1, s_ds11));
        Assert.Empty(_rig.Names);
    }

    [Theory]
    [InlineData(100, 200, new[] { "BEACONRATE" })]
    [InlineData(100, 100, new string[0])]
    public void Another_beacon_interval_is_told(ushort before, ushort after, string[] names)
    {
        _rig.Hear(WithInterval(before)).Hear(WithInterval(after));
        Assert.Equal(names, _rig.Names);
    }

    [Theory]
    [InlineData(6, new string[0])]
    [InlineData(11, new[] { "PROBECHAN" })]
    public void An_answer_names_the_channel_of_the_beacons(byte channel, string[] names)
    {
        _rig.Hear(Announce([s_ds6]));
        // The first answer is what later ones are compared with.
        _rig.Hear(ProbeResponse(Ap, Client, "Campus", 1, s_ds6));
        _rig.Hear(ProbeResponse(Ap, Client, "Campus", 2, Elements.DsParameter(channel)));
        Assert.Equal(names, _rig.Names);
    }

    [Fact]
    public void Rules_about_SSIDs_are_kept()
    {
        AlertRig rig = new(options: new()
        {
            SsidCanary = new() { ["bait"] = "^Printer$" },
            ApSpoof = new() { ["campus"] = new() { Ssid = "(?i:campus)", Macs = [Ap.ToString()] } },
        });
        rig.Hear(Beacon(Ap, "Campus", 1)).Hear(ProbeRequest(Client, "campus", 1)).Hear(ProbeRequest(Client, "Printers", 2));
        Assert.Empty(rig.Names);
        rig.Hear(Beacon(OtherAp, "CAMPUS", 1)).Hear(ProbeRequest(Client, "Printer", 3));
        Assert.Equal(["APSPOOF", "SSIDCANARY"], rig.Names);
    }

    [Theory]
    [InlineData("AirJack", new[] { "AIRJACKSSID" })]
    [InlineData("AirJacks", new string[0])]
    public void The_SSID_of_an_old_tool_is_known(string ssid, string[] names) => Assert.Equal(names, _rig.Hear(Beacon(Ap, ssid)).Names);

    [Fact]
    public void A_timer_that_goes_to_and_fro_is_told_and_a_restart_is_not()
    {
        ulong second = 1_000_000;
        for (uint i = 0; i < 20; i++)
        {
            _rig.Hear(Timed(i, (1000 + i) * second), 1);
        }
        // The restart.
        for (uint i = 0; i < 20; i++)
        {
            _rig.Hear(Timed(i, i * second), 1);
        }
        Assert.Empty(_rig.Names);
        for (uint i = 20; i < 30; i++)
        {
            _rig.Hear(Timed(i, i * second), 0.5).Hear(Timed(i, (5000 + i) * second), 0.5);
        }
        Assert.Equal(["BSSTIMESTAMP"], _rig.Names);
    }

    [Fact]
    public void Rules_that_cannot_be_used_are_named()
    {
        Assert.StartsWith(
            "Alerts:SsidCanary:bait: ",
            Assert.Throws<ArgumentException>(static () => new AlertOptions { SsidCanary = new() { ["bait"] = "(" } }.Checked()).Message, StringComparison.Ordinal);
        Assert.Equal(
            "Alerts:ApSpoof:campus:Macs: 'here' is no address",
            Assert.Throws<ArgumentException>(static () => new AlertOptions { ApSpoof = new() { ["campus"] = new() { Ssid = "a", Macs = ["here"] } } }.Checked()).Message);
    }

    private static byte[] Rsn(byte akm) => Elements.Of(48, [1, 0, 0, 0x0F, 0xAC, 4, 1, 0, 0, 0x0F, 0xAC, 4, 1, 0, 0, 0x0F, 0xAC, akm, 0, 0]);

    private static byte[] Timed(uint sequence, ulong timer) => Beacon(Ap, "Campus", (ushort)sequence, Ess, timer);

    private byte[] Announce(byte[][] more) => Beacon(Ap, "Campus", _sequence++, Ess, 1, more);

    private byte[] WithInterval(ushort interval) =>
        FrameBuilder.Management(KismetOrleans.Wire.Dot11.FrameKind.Beacon, MacAddress.Broadcast, Ap, Ap, _sequence++)
            .U64(1).U16(interval).U16(Ess).All([Elements.Ssid("Campus"), Elements.Rates(Band.Ghz2)]).ToArray();
}
