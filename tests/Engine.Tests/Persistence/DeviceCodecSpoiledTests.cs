using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tests.Persistence;

/// <summary>Rows that no server wrote are refused by name, at a cost that their length bounds; rows of other versions are read as far as they can be.</summary>
public sealed class DeviceCodecSpoiledTests
{
    // The densest way to spend bytes is entries of an byte or two, each an object with its fields.
    private const int HeapPerByte = 200;
    private const int Attempts = 5;

    [Fact]
    public void A_row_that_is_cut_is_refused()
    {
        byte[] row = DeviceCodecTests.RowOf(new RecordFiller(null).Device());
        for (int length = 0; length < row.Length; length++)
        {
            Assert.Throws<DeviceCodecException>(() => DeviceCodec.Read(row.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Spoiled_bytes_are_refused_or_read_and_cost_little()
    {
        int refused = 0;
        for (int seed = 0; seed < 3000; seed++)
        {
            Random random = new(seed);
            byte[] row = DeviceCodecTests.RowOf(new RecordFiller(new(seed % 20)).Device());
            for (int flips = 1 + random.Next(4); flips > 0; flips--)
            {
                row[random.Next(row.Length)] = random.Next(3) == 0 ? (byte)0xFF : (byte)random.Next(256);
            }
            int allowed = 64 * 1024 + (row.Length * HeapPerByte);
            long least = long.MaxValue;
            bool isRefused = false;
            // The least of some: what runs for the first time, and a collection that another test causes, can be charged to this thread.
            for (int attempt = 0; attempt < Attempts && least > allowed; attempt++)
            {
                least = Math.Min(least, Cost(row, out isRefused));
            }
            Assert.True(least <= allowed, $"seed {seed}: {least} bytes for a row of {row.Length}");
            refused += isRefused ? 1 : 0;
        }
        Assert.InRange(refused, 300, 2999);
    }

    private static long Cost(byte[] row, out bool isRefused)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        isRefused = false;
        try
        {
            DeviceCodec.Read(row);
        }
        catch (DeviceCodecException)
        {
            isRefused = true;
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Theory]
    [InlineData(0, "no version 0")]
    [InlineData(2, "which a newer server wrote")]
    public void A_row_of_an_unknown_version_is_refused(byte version, string complaint)
    {
        byte[] row = DeviceCodecTests.RowOf(Small());
        row[0] = version;
        Assert.Contains(complaint, Assert.Throws<DeviceCodecException>(() => DeviceCodec.Read(row)).Message);
    }

    [Fact]
    public void A_phy_that_is_not_there_is_refused()
    {
        byte[] row = DeviceCodecTests.RowOf(Small());
        row[1] = (byte)Phy.All.Count;
        Assert.Contains("no phy 11", Assert.Throws<DeviceCodecException>(() => DeviceCodec.Read(row)).Message);
    }

    [Fact]
    public void What_a_newer_server_appended_is_passed_over()
    {
        Device device = Small();
        byte[] row = DeviceCodecTests.RowOf(device);
        // Its last part is the Bluetooth one: its length, and one byte of flags.
        Assert.Equal(1, row[^2]);
        byte[] newer = [.. row[..^2], 4, row[^1], 1, 2, 3, 42];
        Device read = DeviceCodec.Read(newer);
        Assert.Null(RecordComparer.Difference(device, read, "device"));
    }

    // As the first version wrote it; rows like it are in databases.
    [Fact]
    public void A_row_of_the_first_version_is_read()
    {
        byte[] row = Convert.FromHexString(FirstVersion);
        Device read = DeviceCodec.Read(row);
        Assert.Null(RecordComparer.Difference(Small(), read, "device"));
    }

    private const string FirstVersion =
        "010655443322110081C49FD50C8BC49FD50CE204070000000442544C450B746865726D6F6D657465720007556E6B6E6F776E023337D0CD9201020002"
        + "0200000001D0CD92010201060101070200000F20B53E080101024F1BE8B4814E4B3F0E04007779750000000503B53EDC0386010F031DD093DCA461E5"
        + "3F9DCF81255590B93F85CE35A4C697E73F00000000000079400101011703030000000000C0474000000000000021400000C843011703030000000000"
        + "C0474000000000000021400000C843011703030000000000C0474000000000000021400000C84301001703030000000000C047400000000000002140"
        + "0000C843010106";

    private static Device Small()
    {
        Device device = new(new(Phy.Btle, new(0x001122334455)))
        {
            FirstTime = Packets.Start,
            LastTime = Packets.Start + 3,
            ModTime = Packets.Start + 5,
            Type = "BTLE",
            Name = "thermometer",
            Channel = "37",
            FrequencyKhz = 2402000,
            Packets = 2,
            TxPackets = 2,
            LlcPackets = 2,
            PacketsRrd = new(),
            Signal = new() { Last = -60, Min = -61, Max = -59, History = new(RrdAggregate.Peak, minuteOnly: true) },
            SeenBy = [new() { SourceNumber = 1, FirstTime = Packets.Start, LastTime = Packets.Start + 3, Packets = 2 }],
            Location = new(),
            Btle = new() { GeneralDiscoverable = true, BrEdrUnsupported = true },
        };
        device.Frequencies.Add(2402000, 2);
        device.Location.Add(new() { Latitude = 47.5, Longitude = 8.5, Altitude = 400, Fix = 3, Seconds = Packets.Start });
        foreach (uint second in (uint[])[Packets.Start, Packets.Start + 70, Packets.Start + 71, Packets.Start + 4000])
        {
            device.PacketsRrd.Add(second, 1);
            device.Signal.History.Add(second, -60);
        }
        return device;
    }
}
