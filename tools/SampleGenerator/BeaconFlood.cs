using System.Text;

namespace KismetOrleans.SampleGenerator;

/// <summary>Many access points that send beacons and do nothing else, to measure what a device costs.</summary>
public static class BeaconFlood
{
    /// <summary>1 January 2025, 00:00:00 UTC in µs since 1970.</summary>
    private const ulong StartMicros = 1_735_689_600_000_000;

    /// <summary>Time between two beacons of one access point, and so the length of one round.</summary>
    private const ulong IntervalMicros = 102_400;

    /// <summary>Most access points: their number stands in the low 24 bits of the address.</summary>
    public const int MaxAccessPoints = 1 << 24;

    /// <summary>Makes the packets one by one, in the order of their time.</summary>
    /// <param name="accessPoints">How many, each with its own address and name.</param>
    /// <param name="repeat">Beacons of each.</param>
    /// <param name="first">Number of the first, so that several floods are of different access points.</param>
    public static IEnumerable<Packet> Build(int accessPoints, int repeat, int first = 0)
    {
        var networks = new AccessPoint[accessPoints];
        Security[] kinds = [Security.Wpa2Psk, Security.Wpa2Psk, Security.Wpa3Transition, Security.Open];
        byte[] channels = [1, 6, 11];
        for (int i = 0; i < accessPoints; i++)
        {
            networks[i] = new(new(0x50C7_BF00_0000UL | (uint)(first + i)), Encoding.UTF8.GetBytes($"network-{first + i:X6}"),
                new(Channel.On2(channels[i % 3]), (sbyte)(-40 - i % 50)))
            {
                Security = kinds[i % kinds.Length],
                Standard = [Elements.Country("DE ", 1, 13, 20)],
            };
        }
        var dice = new Dice(0xBEAC0);
        for (int round = 0; round < repeat; round++)
        {
            for (int i = 0; i < accessPoints; i++)
            {
                AccessPoint network = networks[i];
                ulong micros = (ulong)round * IntervalMicros + (ulong)i * IntervalMicros / (ulong)accessPoints;
                TimeSpan at = TimeSpan.FromMicroseconds(micros);
                var radio = new Radiotap { Channel = network.Radio.Channel, Signal = network.Radio.SignalAt(at, dice), Timer = micros, Rate = 2 };
                yield return new(StartMicros + micros, [.. radio.ToHeader(), .. network.Beacon(at)]);
            }
        }
    }
}
