using System.Buffers.Binary;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>Reports out of files are read as they were written; a capture that names their link type is believed no more than a post.</summary>
public sealed class ScanPacketsTests
{
    private static readonly ScanSighting s_network = new()
    {
        Kind = VirtualKind.WiFi,
        Address = new(0x0200_0000_3001),
        TimeNs = Packets.TimeOf(5),
        FrequencyKhz = 2_437_000,
        Signal = -61,
        Name = "net",
        Capabilities = "[WPA2-PSK-CCMP][ESS]",
        Channel = "6",
        Type = "",
        HasPlace = true,
        Latitude = 48.5,
        Longitude = 11.25,
        Altitude = 520,
    };

    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        byte[] packet = Write(s_network);
        Assert.True(ScanPackets.TryRead(packet, out bool isWiFi, out ScanRecord record, out ReadOnlySpan<byte> payload));
        Assert.True(isWiFi);
        Assert.Equal((s_network.Address, s_network.TimeNs, 2_437_000u, (short)-61, 48.5, 11.25, 520f),
            (record.Address, record.TimeNs, record.FrequencyKhz, record.Signal, record.Latitude, record.Longitude, record.Altitude));
        Assert.True(Dot11ScanPayload.TryRead(payload, out Dot11ScanPayload wifi));
        Assert.Equal("net6", System.Text.Encoding.UTF8.GetString([.. wifi.Ssid, .. wifi.Channel]));
        Assert.True(wifi.Security.IsStated);
    }

    [Fact]
    public void Texts_of_any_length_fit()
    {
        string text = new('x', 10_000);
        Assert.True(Write(s_network with { Name = text, Channel = text }).Length <= ScanPackets.MostBytes);
        Assert.True(Write(s_network with { Kind = VirtualKind.Bluetooth, Name = text, Type = text }).Length <= ScanPackets.MostBytes);
    }

    [Fact]
    public void Whatever_the_bytes_are_a_place_is_one_and_the_time_is_the_packets()
    {
        byte[] good = Write(s_network);
        FrameDissector dissector = new();
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = [.. good];
            for (int spoiled = random.Next(4); spoiled >= 0; spoiled--)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }
            ObservationBatch batch = new();
            batch.Reset(1, 0);
            dissector.Dissect(new Packets().Add(packet.AsSpan(0, random.Next(packet.Length + 1)), LinkType.ScanReport, at: 9).ToBatch(), [batch]);
            Assert.All(batch.Locations, static place => Assert.True(Math.Abs(place.Latitude) <= 90 && Math.Abs(place.Longitude) <= 180 && float.IsFinite(place.Altitude)));
            foreach (Observation o in batch.Items)
            {
                Assert.Equal(Packets.TimeOf(9), o.TimeNs);
            }
        }
        Assert.InRange(dissector.ErrorPackets, 1, 19_999);
    }

    [Fact]
    public void A_place_that_is_none_is_refused()
    {
        byte[] packet = Write(s_network);
        // Kind 1, address 8, time 8, frequency 4, signal 2, length 2.
        BinaryPrimitives.WriteDoubleLittleEndian(packet.AsSpan(25), double.NaN);
        Assert.False(ScanPackets.TryRead(packet, out _, out _, out _));
    }

    private static byte[] Write(ScanSighting sighting)
    {
        byte[] room = new byte[ScanPackets.MostBytes];
        return room[..ScanPackets.Write(room, sighting)];
    }
}
