using System.Buffers;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Records.Bluetooth;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Records.Uav;

namespace KismetOrleans.Engine.Tests.Persistence;

/// <summary>A device comes back from its row as it was: every field, and what is the same object in two places.</summary>
public sealed class DeviceCodecTests
{
    [Fact]
    public void Every_field_of_every_record_comes_back()
    {
        Device device = new RecordFiller(null).Device();
        Assert.Null(RecordComparer.Difference(device, DeviceCodec.Read(RowOf(device)), "device"));
    }

    [Fact]
    public void Whatever_is_left_out_comes_back()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Device device = new RecordFiller(new(seed)).Device();
            string? difference = RecordComparer.Difference(device, DeviceCodec.Read(RowOf(device)), "device");
            Assert.True(difference is null, $"seed {seed}: {difference}");
        }
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(1u << 20)]
    [InlineData(1u << 31 | 1u << 24)]
    public void Sections_of_a_newer_server_are_read_over_and_saved_again(uint parts)
    {
        // With its length, as whatever is appended: a part that only the newer server knows. Its bit stands among those of the others.
        byte[] section = [4, 1, 2, 3, 4];
        Device sent = new RecordFiller(null).Device();
        sent.Unread = new(parts, section);
        byte[] row = RowOf(sent);
        sent.Unread = null;
        Assert.True(row.AsSpan().EndsWith(section));
        Device read = DeviceCodec.Read(row);
        Assert.Null(RecordComparer.Difference(sent, read, "device"));
        Assert.Equal((parts, Convert.ToHexString(section)), (read.Unread!.Parts, Convert.ToHexString(read.Unread.Bytes)));
        Assert.Equal(row, RowOf(read));
        read.Packets++;
        read.ModTime += 1000;
        Assert.Equal(section, DeviceCodec.Read(RowOf(read)).Unread!.Bytes);
        Assert.Null(DeviceCodec.Read(RowOf(sent)).Unread);
    }

    [Fact]
    public void Fields_that_a_newer_server_appends_to_a_part_are_skipped()
    {
        // The last part of a device without a track is that of 802.15.4, of three bytes when it is empty.
        Device device = NewDevice();
        device.Ieee802154 = new();
        byte[] row = RowOf(device);
        Assert.Equal(3, row[^4]);
        row[^4] += 3;
        Device read = DeviceCodec.Read([.. row, 7, 7, 7]);
        Assert.NotNull(read.Ieee802154);
        Assert.Null(read.Unread);
    }

    [Fact]
    public void The_newest_SSIDs_are_those_of_the_maps()
    {
        AdvertisedSsid[] advertised = [new() { Ssid = "a" }, new() { Ssid = "b" }];
        AdvertisedSsid[] responded = [new() { Ssid = "a" }, new() { Ssid = "c" }];
        ProbedSsid[] probed = [new() { Ssid = "d" }, new() { Ssid = "e" }];
        foreach (AdvertisedSsid newest in advertised.Concat(responded))
        {
            Device device = NewDevice();
            device.Dot11 = new()
            {
                Advertised = advertised,
                Responded = responded,
                Probed = probed,
                LastBeaconed = newest,
                LastProbed = probed[1],
            };
            Dot11Device read = DeviceCodec.Read(RowOf(device)).Dot11!;
            int index = Array.IndexOf([.. advertised, .. responded], newest);
            Assert.Same(((AdvertisedSsid[])[.. read.Advertised!, .. read.Responded!])[index], read.LastBeaconed);
            Assert.Same(read.Probed![1], read.LastProbed);
        }
    }

    [Fact]
    public void A_newest_SSID_of_no_map_comes_back()
    {
        Device device = NewDevice();
        device.Dot11 = new() { LastBeaconed = new() { Ssid = "a" }, LastProbed = new() { Ssid = "b" } };
        Dot11Device read = DeviceCodec.Read(RowOf(device)).Dot11!;
        Assert.Equal("a", read.LastBeaconed!.Ssid);
        Assert.Equal("b", read.LastProbed!.Ssid);
    }

    [Fact]
    public void The_frame_with_the_PMKID_is_that_of_the_handshake()
    {
        EapolRecord[] frames = [.. Enumerable.Range(1, 3).Select(static i => new EapolRecord(i, 1, 2, 3, true, [1], [2], new(i, 105, [(byte)i])))];
        Device device = NewDevice();
        device.Dot11 = new() { Handshakes = new(), PmkidPacket = frames[1].Packet };
        device.Dot11.Handshakes.Add(new(1), [frames[0]]);
        device.Dot11.Handshakes.Add(new(2), [frames[1], frames[2]]);
        Dot11Device read = DeviceCodec.Read(RowOf(device)).Dot11!;
        Assert.Same(read.Handshakes!.Value(1)[0].Packet, read.PmkidPacket);
    }

    [Fact]
    public void The_newest_telemetry_is_that_of_the_history()
    {
        Device device = NewDevice();
        device.Uav = new() { History = [new() { Yaw = 1 }, new() { Yaw = 2 }] };
        device.Uav.LastTelemetry = device.Uav.History[1];
        UavDevice read = DeviceCodec.Read(RowOf(device)).Uav!;
        Assert.Same(read.History[1], read.LastTelemetry);
    }

    [Fact]
    public void A_point_of_two_places_is_written_once()
    {
        GeoPoint point = new() { Latitude = 47.5, Longitude = 8.5, Fix = 2, Seconds = Packets.Start };
        Device device = NewDevice();
        device.Location = new();
        device.Location.Add(point);
        int alone = RowOf(device).Length;
        device.Signal = new() { PeakLocation = point };
        Device read = DeviceCodec.Read(RowOf(device));
        Assert.Same(read.Signal!.PeakLocation, read.Location!.Last);
        // What changes with later points is each one's own.
        Assert.NotSame(read.Location.Min, read.Location.Max);
        Assert.InRange(RowOf(device).Length - alone, 1, 12);
    }

    [Fact]
    public void Texts_of_many_devices_are_one_string()
    {
        Device read(string name) => DeviceCodec.Read(RowOf(new(new(Phy.Dot11, new(7)))
        {
            Name = name,
            Manufacturer = new('m', 20),
            Type = new('t', 20),
            Crypt = new('c', 20),
            Channel = new('6', 1),
            Dot11 = new() { Advertised = [new() { Ssid = name }] },
        }));
        Device first = read("one");
        Device second = read("two");
        Assert.Same(first.Manufacturer, second.Manufacturer);
        Assert.Same(first.Type, second.Type);
        Assert.Same(first.Crypt, second.Crypt);
        Assert.Same(first.Channel, second.Channel);
        // An access point's name is its SSID.
        Assert.Same(first.Name, first.Dot11!.Advertised![0].Ssid);
    }

    [Fact]
    public void A_device_that_was_seen_once_is_a_small_row()
    {
        Rig rig = new();
        rig.HearAt(Frames.Beacon(Frames.Ap, "campus"), -50);
        Assert.InRange(RowOf(rig[Frames.Ap]).Length, 100, 250);
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        Device device = new RecordFiller(null).Device();
        ArrayBufferWriter<byte> buffer = new(1 << 20);
        DeviceCodec.Write(device, buffer);
        buffer.ResetWrittenCount();
        // Tags and service data are sorted dictionaries, whose enumerators have a stack on the heap.
        Assert.InRange(Least(), 0, 100 * 1024);
        device.Tags = null;
        device.Bluetooth = new BluetoothDevice();
        Assert.Equal(0, Least());

        // The runtime may allocate a little on this thread when it replaces code; what a write allocates would be there in every round.
        long Least() => Math.Max(0, Enumerable.Range(0, 5).Min(_ =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                DeviceCodec.Write(device, buffer);
                buffer.ResetWrittenCount();
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }));
    }

    internal static byte[] RowOf(Device device)
    {
        ArrayBufferWriter<byte> buffer = new();
        DeviceCodec.Write(device, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static Device NewDevice() => new(new(Phy.Dot11, new(0x001122334455))) { FirstTime = Packets.Start, ModTime = Packets.Start + 5 };
}
