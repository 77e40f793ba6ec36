using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator.Campus;

/// <summary>Frames between equals: mesh stations, an ad-hoc network, a bridge of two access points.</summary>
internal static class Peers
{
    private const ushort MeshControlPresent = 0x0100;

    public static void Play(Air air, Dice dice, Networks networks)
    {
        for (int i = 0; i < 24; i++)
        {
            TimeSpan at = TimeSpan.FromSeconds(58 + 1.7 * i);
            bool forth = i % 2 == 0;
            Mesh(air, dice, forth ? networks.MeshA : networks.MeshB, forth ? networks.MeshB : networks.MeshA, (uint)i, at);
            AdHoc(air, dice, forth ? networks.AdHocA : networks.AdHocB, forth ? networks.AdHocB : networks.AdHocA,
                at + TimeSpan.FromMilliseconds(300));
            Bridge(air, dice, forth ? networks.Bridge : networks.BridgeFar, forth ? networks.BridgeFar : networks.Bridge, forth,
                at + TimeSpan.FromMilliseconds(600));
        }
    }

    private static void Mesh(Air air, Dice dice, AccessPoint from, AccessPoint to, uint number, TimeSpan at)
    {
        byte[] packet = NetworkPackets.Udp(0x0A2A_0001, 0x0A2A_0002, 5000, 5000, dice.Bytes(90));
        byte[] frame = DataFrames.Build(
            new(default, from.Address, to.Address)
            {
                Flags = FrameFlags.ToDs | FrameFlags.FromDs,
                Receiver = to.Address,
                Transmitter = from.Address,
                Sequence = from.NextSequence(),
                Qos = MeshControlPresent,
            },
            [.. DataFrames.MeshControl(31, number), .. packet]);
        air.Hear(at, from.Radio, frame);
    }

    private static void AdHoc(Air air, Dice dice, AccessPoint from, AccessPoint to, TimeSpan at)
    {
        byte[] packet = NetworkPackets.Udp(0xA9FE_0101, 0xA9FE_0202, 3689, 3689, dice.Bytes(120));
        air.Hear(at, from.Radio, DataFrames.Build(
            new(from.NetworkId, from.Address, to.Address) { Kind = FrameKind.Data, Sequence = from.NextSequence() }, packet), 22);
    }

    private static void Bridge(Air air, Dice dice, AccessPoint from, AccessPoint to, bool forth, TimeSpan at)
    {
        MacAddress near = Networks.Mac("00:25:9C:EE:00:20"), far = Networks.Mac("00:25:9C:EE:00:21");
        byte[] frame = DataFrames.Build(
            new(default, forth ? near : far, forth ? far : near)
            {
                Flags = FrameFlags.ToDs | FrameFlags.FromDs | FrameFlags.Protected,
                Receiver = to.Address,
                Transmitter = from.Address,
                Sequence = from.NextSequence(),
            },
            DataFrames.Encrypted(DataCipher.Ccmp, (ulong)at.TotalMilliseconds, 150, dice));
        air.Hear(at, from.Radio, frame);
    }
}
