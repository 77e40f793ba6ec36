namespace KismetOrleans.SampleGenerator.Campus;

/// <summary>What depends on the receiver: check sequences, right and wrong, and one frame heard twice.</summary>
internal static class Receivers
{
    public static void Play(Air air, Dice dice, Networks networks)
    {
        AccessPoint network = networks.Transition;
        for (int i = 0; i < 12; i++)
        {
            TimeSpan at = TimeSpan.FromSeconds(109 + 0.5 * i);
            byte[] beacon = network.Beacon(at);
            // One of the twelve was damaged on its way.
            air.Hear(at, network.Radio, new FrameBuilder().Raw(beacon).ToArrayWithFcs(good: i != 5), 2, fcs: true);
        }
        var station = new Station(Networks.Mac("A4:C3:61:B0:00:77"), new Radio(Channel.On2(11), -59));
        TimeSpan once = TimeSpan.FromSeconds(116.25);
        byte[] request = station.ProbeRequest("Canteen"u8);
        air.Hear(once, station.Radio, request, 2);
        // A second receiver, two microseconds later and farther away, hears the same frame.
        air.Hear(once + TimeSpan.FromMicroseconds(2), station.Radio with { Signal = -73, HasTimer = false }, request, 2);
        byte[] answer = network.ProbeResponse(station.Address, once);
        air.Hear(once + TimeSpan.FromMilliseconds(1), network.Radio, answer, 2);
        air.Hear(once + TimeSpan.FromMilliseconds(1) + TimeSpan.FromMicroseconds(3), network.Radio with { Signal = -80, HasTimer = false },
            answer, 2);
    }
}
