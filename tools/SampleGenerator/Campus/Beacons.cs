namespace KismetOrleans.SampleGenerator.Campus;

/// <summary>Beacons as a receiver hears them that hops over all channels, and the drones among them.</summary>
internal static class Beacons
{
    /// <summary>How long the receiver stays on a channel.</summary>
    private const double DwellSeconds = 0.31;

    public static void Play(Air air, Dice dice, Networks networks)
    {
        List<Channel> hop = [.. networks.All.Select(network => network.Radio.Channel).Distinct()];
        int number = 0;
        foreach (AccessPoint network in networks.All)
        {
            int place = hop.IndexOf(network.Radio.Channel);
            TimeSpan interval = TimeSpan.FromMicroseconds(1024 * network.Interval);
            TimeSpan at = TimeSpan.FromMicroseconds(1_900 * ++number);
            // Who speaks once in the two minutes that the hop allows is still heard once, or it would not be in the sample.
            for (int beacon = 0; at < Scenario.Duration; at += interval, beacon++)
            {
                // Every beacon is made, heard or not: the sequence numbers count on.
                byte[] frame = network.Beacon(at, Changing(network, networks, beacon, at));
                bool isHere = (int)(at.TotalSeconds / DwellSeconds) % hop.Count == place;
                if (isHere && !dice.Chance(network.Radio.Signal < -80 ? 25 : 3))
                {
                    air.Hear(at, network.Radio, frame, network.Radio.Channel.Band == Band.Ghz2 ? (byte)2 : (byte)12);
                }
            }
        }
    }

    private static byte[][] Changing(AccessPoint network, Networks networks, int beacon, TimeSpan at)
    {
        double seconds = at.TotalSeconds;
        // Two drones over a meadow near Greenwich, one going north-east and one climbing.
        var survey = new DroneState(51.4779 + seconds * 2e-5, -0.0015 + seconds * 3e-5, 74, 40, 2.2, 2.1, 0);
        var climb = new DroneState(51.4785, 0.0021, 60 + seconds / 2, 20 + seconds / 2, 0, 0, 0.5);
        return network == networks.OpenDrone
                ? [DroneElements.OpenDroneId((byte)beacon, "1596F350457791151545", "GBR-OP-KISMETSAMPLE1", survey, 51.4769, -0.0005)]
            : network == networks.DjiDrone
                ? [DroneElements.DjiDroneId((ushort)beacon, "08QDE1A0120000XY", 16, climb, 51.4785, 0.0021)]
            : [];
    }
}
