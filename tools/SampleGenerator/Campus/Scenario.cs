namespace KismetOrleans.SampleGenerator.Campus;

/// <summary>Two minutes on a campus: what <c>samples/campus.pcapng</c> holds. The same bytes on every machine.</summary>
public static class Scenario
{
    /// <summary>Length of the capture.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(120);

    /// <summary>6 May 2024, 08:00:00 UTC in µs since 1970.</summary>
    private const ulong StartMicros = 1_714_982_400_000_000;

    private const ulong Seed = 0xC0FFEE_2024;

    /// <summary>All packets in the order of their time.</summary>
    public static IReadOnlyList<Packet> Build()
    {
        var dice = new Dice(Seed);
        var air = new Air(StartMicros, dice);
        var networks = new Networks();
        Beacons.Play(air, dice, networks);
        Probes.Play(air, dice, networks);
        Clients.Play(air, dice, networks);
        OpenNetwork.Play(air, dice, networks);
        Peers.Play(air, dice, networks);
        Receivers.Play(air, dice, networks);
        return air.Packets;
    }
}
