using System.Text;
using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator.Campus;

/// <summary>Telephones and laptops that look for networks, with their own address or with a random one.</summary>
internal static class Probes
{
    private static readonly string[] Makers = ["3C:15:C2", "A4:C3:61", "8C:85:90", "5C:F5:DA", "F8:A9:D0", "B8:27:EB", "DC:A6:32",
        "24:0A:C4"];
    private static readonly string[] Remembered = ["home-2041", "Airport Free WiFi", "FRITZ!Box 7590 XK", "Café Überall ☕ 学校",
        "staff-only", "not shown", "AndroidAP"];

    public static void Play(Air air, Dice dice, Networks networks)
    {
        for (int i = 0; i < 28; i++)
        {
            bool isRandom = i % 3 == 2;
            string prefix = isRandom
                ? $"{dice.Between(0, 63) * 4 + 2:X2}:{dice.Between(0, 255):X2}:{dice.Between(0, 255):X2}"
                : Makers[i % Makers.Length];
            MacAddress address = Networks.Mac($"{prefix}:{dice.Between(0, 255):X2}:{dice.Between(0, 255):X2}:{i:X2}");
            var radio = new Radio(Channel.On2((byte)(1 + 5 * (i % 3))), (sbyte)dice.Between(-85, -45)) { Swing = 9, Period = 25 + i };
            var phone = new Station(address, radio)
            {
                IsHt = i % 7 != 6,
                Vendor = i % 4 == 0 ? [VendorElements.Apple(), VendorElements.WmmInformation()] : [VendorElements.WmmInformation()],
            };
            Look(air, dice, networks, phone, name: i % 4 == 1 ? Remembered[i / 4 % Remembered.Length] : null);
        }
    }

    private static void Look(Air air, Dice dice, Networks networks, Station phone, string? name)
    {
        for (double at = dice.Between(1, 30); at < Scenario.Duration.TotalSeconds - 2; at += dice.Between(9, 40))
        {
            TimeSpan now = TimeSpan.FromSeconds(at);
            air.Hear(now, phone.Radio, phone.ProbeRequest([]), 2);
            if (name is not null)
            {
                now += TimeSpan.FromMilliseconds(2);
                air.Hear(now, phone.Radio, phone.ProbeRequest(Encoding.UTF8.GetBytes(name)), 2);
            }
            // Networks on the channel answer a call to all, and those that are called by name.
            byte[]? called = name is null ? null : Encoding.UTF8.GetBytes(name);
            IEnumerable<AccessPoint> answering = networks.All.Where(network =>
                network.Radio.Channel == phone.Radio.Channel && !network.IsMesh && !network.IsAdHoc
                && (network.Cloak == Cloak.None ? dice.Chance(35) : network.Ssid.AsSpan().SequenceEqual(called)));
            foreach (AccessPoint network in answering)
            {
                now += TimeSpan.FromMicroseconds(dice.Between(900, 2_600));
                air.Hear(now, network.Radio, network.ProbeResponse(phone.Address, now), 2);
            }
        }
    }
}
