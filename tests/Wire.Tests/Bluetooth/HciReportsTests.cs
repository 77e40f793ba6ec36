using KismetOrleans.Wire.Bluetooth;
using KismetOrleans.Wire.Tests.Dot11;

namespace KismetOrleans.Wire.Tests.Bluetooth;

/// <summary>What HCI events tell about devices, report by report.</summary>
public sealed class HciReportsTests
{
    // 11:22:33:44:55:66 and C0:00:00:00:00:01 as they are sent.
    private const string One = "665544332211", Two = "0100000000C0";

    [Fact]
    public void An_inquiry_result_has_class_and_no_signal()
    {
        // Two responses: address, page scan repetition mode, two reserved bytes, class (smartphone; loudspeaker), clock offset.
        HciReport[] all = Read("04 02 1D 02" + One + "01 0000 0C025A 0000" + Two + "01 0000 140424 0000");
        Assert.Equal(["11:22:33:44:55:66", "C0:00:00:00:00:01"], all.Select(static r => r.Address.ToString()));
        Assert.Equal([("Phone", "Smartphone"), ("Audio/Video", "Loudspeaker")], all.Select(static r => (r.Class!.Value.Major, r.Class.Value.Minor)));
        Assert.All(all, static r => Assert.False(r.HasRssi || r.IsLowEnergy || r.IsRandom));
    }

    [Fact]
    public void An_inquiry_result_with_RSSI_has_it_at_its_end()
    {
        HciReport r = Assert.Single(Read("04 22 0F 01" + One + "01 00 04010C 1234 C4"));
        Assert.Equal((true, (sbyte)-60, "Computer", "Desktop"), (r.HasRssi, r.Rssi, r.Class!.Value.Major, r.Class.Value.Minor));
    }

    [Fact]
    public void An_extended_inquiry_result_has_data()
    {
        byte[] packet = [.. Make.Hex("04 2F FF 01" + One + "01 00 04010C 1234 C4" + "0409616263 020A04"), .. new byte[232]];
        HciReport r = Assert.Single(Read(packet));
        Assert.True(AdvertisingData.TryParse(packet, r.Data, out AdvertisingData data));
        Assert.Equal((240, "abc", true, (sbyte)4), (r.Data.Length, data.Name.Text(packet), data.HasTxPower, data.TxPower));
    }

    [Theory]
    [InlineData("04 07 FF 00" + One + "616263 00 FF", "abc")]
    [InlineData("04 07 0A 00" + One + "616263", "abc")] // without padding
    [InlineData("04 07 07 04" + One, "")] // page timeout
    public void A_remote_name_ends_at_its_padding(string hex, string name)
    {
        byte[] packet = Make.Hex(hex);
        HciReports reports = new(packet, true);
        Assert.True(reports.TryRead(out HciReport r));
        Assert.Equal(("11:22:33:44:55:66", name), (r.Address.ToString(), r.Name.Text(packet)));
        Assert.False(reports.TryRead(out _));
    }

    [Theory]
    [InlineData("04 03 0B 00 0100" + One + "01 00", "11:22:33:44:55:66", false, false)]
    [InlineData("04 04 0A" + One + "0C025A 01", "11:22:33:44:55:66", false, false)]
    [InlineData("04 3E 13 01 00 4000 00 01" + Two + "1800 0000 4800 00", "C0:00:00:00:00:01", true, true)]
    [InlineData("04 3E 1F 0A 00 4000 00 00" + One + "000000000000 000000000000 1800 0000 4800 00", "11:22:33:44:55:66", true, false)]
    public void A_connection_names_the_other_end(string hex, string address, bool low, bool random)
    {
        HciReport r = Assert.Single(Read(hex));
        Assert.Equal((address, low, random), (r.Address.ToString(), r.IsLowEnergy, r.IsRandom));
    }

    [Theory]
    [InlineData("04 03 0B 04 0100" + One + "01 00")] // page timeout: nobody answered
    [InlineData("04 3E 13 01 02 4000 00 01" + Two + "1800 0000 4800 00")]
    [InlineData("01 0504 0D 665544332211 18CC 01 00 0000 01")] // a command
    [InlineData("02 4020 0B00 0700 0400 1B3500 01 02 03")] // data
    [InlineData("04 0E 04 01 030C 00")] // command complete
    public void Other_packets_tell_of_nobody(string hex) => Assert.Empty(Read(hex));

    [Fact]
    public void LE_advertising_reports_follow_each_other()
    {
        byte[] packet = Make.Hex("04 3E 1E 02 02" + "00 00" + One + "03 020106 BF" + "04 01" + Two + "05 0409616263 7F");
        HciReport[] all = Read(packet);
        Assert.Equal([(false, false, true, (sbyte)-65), (true, true, false, (sbyte)0)], all.Select(static r => (r.IsRandom, r.IsScanResponse, r.HasRssi, r.Rssi)));
        Assert.Equal(["020106", "0409616263"], all.Select(r => Convert.ToHexString(r.Data.Of(packet))));
    }

    [Fact]
    public void An_extended_report_has_power_and_may_be_incomplete()
    {
        const string Rest = Two + "01 02 03 F4 C0 0000 00 000000000000 03 020106";
        HciReport r = Assert.Single(Read("04 3E 1D 0D 01 1300 01" + Rest));
        Assert.Equal(((sbyte?)-12, (sbyte)-64, true, false, false), (r.TxPower, r.Rssi, r.IsRandom, r.IsIncomplete, r.IsScanResponse));
        r = Assert.Single(Read("04 3E 1D 0D 01 2800 01" + Rest.Replace("F4", "7F")));
        Assert.Equal((null, true, true), (r.TxPower, r.IsIncomplete, r.IsScanResponse));
        // Anonymous.
        Assert.Empty(Read("04 3E 1D 0D 01 1300 FF" + Rest));
    }

    [Fact]
    public void A_directed_report_has_a_signal()
    {
        HciReport r = Assert.Single(Read("04 3E 12 0B 01 01 01" + Two + "01 010203040506 C0"));
        Assert.Equal(("C0:00:00:00:00:01", (sbyte)-64), (r.Address.ToString(), r.Rssi));
    }

    [Theory]
    [InlineData("")]
    [InlineData("09 00")] // no such packet type
    [InlineData("04 3E")]
    [InlineData("04 3E 00")]
    [InlineData("04 22 01 01")] // a response that is not there
    [InlineData("04 3E 0C 02 01 00 00 665544332211 FF 00")] // data past the end
    [InlineData("04 04 0A 6655")] // parameters past the end
    public void Lengths_that_do_not_fit_are_told(string hex)
    {
        byte[] packet = Make.Hex(hex);
        foreach (bool cut in (bool[])[false, true])
        {
            HciReports reports = new(packet, cut);
            Assert.False(reports.TryRead(out _));
            Assert.Equal(cut ? Anomalies.FrameTruncated : Anomalies.BluetoothMalformed, reports.Anomalies);
        }
    }

    [Fact]
    public void Noise_does_not_hurt()
    {
        Random random = new(187);
        byte[] packet = new byte[80];
        byte[] events = [0x02, 0x03, 0x04, 0x07, 0x22, 0x2F, 0x3E];
        byte[] subevents = [0x01, 0x02, 0x0A, 0x0B, 0x0D, 0x29];
        for (int i = 0; i < 200_000; i++)
        {
            random.NextBytes(packet);
            (packet[0], packet[1], packet[3]) = (4, events[i % events.Length], (i & 3) == 0 ? packet[3] : subevents[i % subevents.Length]);
            ReadOnlySpan<byte> cut = packet.AsSpan(0, random.Next(packet.Length));
            HciReports reports = new(cut, false);
            int count = 0;
            while (reports.TryRead(out HciReport r))
            {
                count++;
                Assert.True(r.Data.Of(cut).Length + r.Name.Of(cut).Length <= cut.Length);
                AdvertisingData.TryParse(cut, r.Data, out _);
            }
            Assert.InRange(count, 0, cut.Length);
        }
    }

    private static HciReport[] Read(string hex) => Read(Make.Hex(hex));

    private static HciReport[] Read(byte[] packet)
    {
        HciReports reports = new(packet, false);
        List<HciReport> all = [];
        while (reports.TryRead(out HciReport report))
        {
            all.Add(report);
        }
        Assert.Equal(Anomalies.None, reports.Anomalies);
        return [.. all];
    }
}
