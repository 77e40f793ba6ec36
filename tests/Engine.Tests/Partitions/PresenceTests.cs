using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Observations;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Persistence;
using KismetOrleans.Engine.Presence;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Partitions;

/// <summary>Who was where: by five minutes of capture time and source, nothing twice, nothing lost, kept as long as is wanted.</summary>
public sealed class PresenceTests
{
    private const uint Slot = PresenceEntry.SlotSeconds;

    // The first whole one of the time in which packets are.
    private const uint FirstSlot = (Packets.Start / Slot) + 1;
    private static readonly PresenceQuery s_all = new(0, uint.MaxValue);
    private static readonly ulong s_ap = new DeviceId(Phy.Dot11, Ap).Value;
    private readonly Sources _sources = new();
    private readonly FakeClock _clock = new();
    private readonly Dictionary<long, byte[]> _stored = [];
    private PresenceImage _image;
    private DevicePartition _partition;
    private byte[][] _devices = [];
    private int _beacons;

    public PresenceTests() => _partition = New(durable: true);

    [Fact]
    public void Packets_of_five_minutes_and_a_source_are_one_entry_with_the_strongest_signal()
    {
        Hear(1, 10, -70);
        Hear(1, 20, -50);
        Hear(1, 30, -60);
        Hear(2, 30, -80);
        Hear(1, Slot + 1, -55);
        Assert.Equal([(0u, 1, 3u, -50), (0u, 2, 1u, -80), (1u, 1, 1u, -55)], Entries());
    }

    [Fact]
    public void A_spool_that_is_sent_hours_later_lands_where_it_was_captured_and_what_the_future_brings_lands_now()
    {
        Hear(1, 5 * Slot, -60);
        Hear(2, 1 * Slot, -50);
        Hear(2, 2 * Slot, -40);
        Hear(2, 1 * Slot, -45);
        // A day ahead of the server's clock, which stands at slot 100.
        Hear(1, 400 * Slot, -30);
        Assert.Equal([(1u, 2, 2u, -45), (2u, 2, 1u, -40), (5u, 1, 1u, -60), (100u, 1, 1u, -30)], Entries());
    }

    [Fact]
    public void A_device_that_is_only_spoken_to_is_not_present()
    {
        Apply(1, 10, AssociationRequest(Client, Ap, "Campus"), -40);
        Assert.Equal([new DeviceId(Phy.Dot11, Client).Value], All().Select(static entry => entry.Device));
    }

    [Fact]
    public void Saved_at_any_moment_nothing_is_lost_and_nothing_counts_twice()
    {
        Dictionary<(uint, int), (uint, int)> expected = [];
        Random random = new(18);
        for (int i = 0; i < 3_000; i++)
        {
            (ushort source, uint slot, int signal) = ((ushort)random.Next(1, 4), (uint)(i / 30), random.Next(-90, -20));
            Hear(source, (slot * Slot) + (uint)(i % 300), (sbyte)signal);
            (uint packets, int strongest) = expected.GetValueOrDefault((slot, source), (0u, -128));
            expected[(slot, source)] = (packets + 1, Math.Max(strongest, signal));
            if (random.Next(40) == 0)
            {
                // What a kill leaves: what was saved, and nothing of what came since, which its source sends again.
                Save();
                Restart();
            }
        }
        Assert.Equal(expected.OrderBy(static e => e.Key).Select(static e => (e.Key.Item1, e.Key.Item2, e.Value.Item1, e.Value.Item2)), Entries());
    }

    [Fact]
    public void What_was_not_saved_is_gone_with_the_batch_that_brought_it()
    {
        Hear(1, 10, -50);
        Save();
        Hear(1, Slot, -40);
        Hear(1, 2 * Slot, -30);
        Restart();
        Assert.Equal([(0u, 1, 1u, -50)], Entries());
    }

    [Fact]
    public void Full_blocks_go_to_the_store_and_an_entry_takes_few_bytes()
    {
        const int Devices = 500;
        for (uint slot = 0; slot < 12; slot++)
        {
            for (int device = 0; device < Devices; device++)
            {
                for (ushort source = 1; source <= 3; source++)
                {
                    Apply(source, (slot * Slot) + 1, ProbeRequest(new(0x020000000000UL + (ulong)device), "x", sequence: (ushort)(_beacons++ & 0xFFF)), -50);
                }
            }
            Save();
        }
        long bytes = _stored.Values.Sum(static block => (long)block.Length);
        int entries = 0;
        foreach (byte[] block in _stored.Values)
        {
            Assert.InRange(block.Length, PresenceBlock.FullBytes / 2, PresenceBlock.FullBytes);
            PresenceBlock.Read(block, s_all, _ => entries++);
        }
        Assert.InRange(entries, 11 * Devices * 3 - 1000, 11 * Devices * 3);
        Assert.InRange((double)bytes / entries, 3, 12);
        Assert.Equal(12 * Devices * 3, All().Count());
        Assert.Equal(12 * Devices * 3, All().Sum(static entry => entry.Packets));
    }

    [Fact]
    public void Entries_that_wait_for_others_for_an_hour_are_a_block()
    {
        Hear(1, 10, -50);
        Hear(1, Slot, -50);
        Save();
        Assert.Empty(_stored);
        _clock.Second += 3_600;
        Save();
        Assert.Single(_stored);
        Assert.Equal(2, Entries().Count());
    }

    [Fact]
    public void Devices_that_are_forgotten_were_there()
    {
        Hear(1, 10, -50);
        Save();
        _partition = New(durable: true, new() { MaxDevices = 1 });
        Reload();
        Apply(1, 20, ProbeRequest(Client, "x"), -60);
        Assert.Equal(2, All().Select(static entry => entry.Device).Distinct().Count());
        Assert.Equal(1, _partition.Devices);
    }

    [Fact]
    public void A_source_that_is_forgotten_is_not_taken_for_the_next_of_its_number()
    {
        Hear(1, 10, -50);
        _sources.Forget(1);
        _partition.Maintain();
        _sources.Give(1, 77);
        Hear(1, 20, -60);
        Assert.Equal([(0u, 1, 1u, -50), (0u, 77, 1u, -60)], Entries());
    }

    [Fact]
    public void Old_blocks_go_by_when_they_were_made()
    {
        Hear(1, 10, -50);
        Hear(1, Slot, -50);
        _clock.Second += 3_600;
        Save();
        Assert.Single(_stored);
        _clock.Second += 32 * 86_400;
        _partition.Maintain();
        Save();
        Assert.Empty(_stored);
    }

    [Fact]
    public void Without_a_store_it_is_kept_in_memory_and_goes_when_it_is_old()
    {
        _partition = New(durable: false);
        for (uint slot = 0; slot < 100; slot++)
        {
            Hear(1, slot * Slot, -50);
        }
        Assert.Equal(100, Entries().Count());
        Assert.Equal(10, Entries(new(FirstSlot + 50, FirstSlot + 59)).Count());
        _clock.Second += 3_600;
        _partition.Maintain();
        _clock.Second += 32 * 86_400;
        _partition.Maintain();
        // The five minutes that stand with the device.
        Assert.Single(Entries());
    }

    [Fact]
    public void What_waits_for_a_database_that_does_not_answer_is_bounded_and_the_newest_of_it_stays()
    {
        const uint Many = 2_000;
        PresenceBook book = new(new(), _sources, _clock, partitions: 1_000_000, durable: true);
        for (uint slot = 1; slot <= Many; slot++)
        {
            book.Close(new DeviceId(s_ap), new() { SourceNumber = 1, PresenceSlot = slot, PresencePackets = 1 });
        }
        List<PresenceEntry> left = [];
        Array.ForEach(book.Read(s_all, []).Blocks, block => PresenceBlock.Read(block, s_all, left.Add));
        Assert.InRange(left.Count, 400, 512);
        Assert.Equal(Many, left.Max(static entry => entry.Slot));
        Assert.Equal(left.Count, (int)(Many - left.Min(static entry => entry.Slot) + 1));
    }

    [Fact]
    public void What_waited_and_cannot_be_read_costs_nothing_else()
    {
        _image = new(7, new byte[] { 99, 1, 2 });
        Restart();
        Hear(1, 10, -50);
        Assert.Equal([(0u, 1, 1u, -50)], Entries());
    }

    [Fact]
    public void Switched_off_nothing_is_kept()
    {
        _partition = New(durable: true, new() { PresenceFor = TimeSpan.Zero });
        Hear(1, 10, -50);
        Hear(1, Slot, -50);
        Assert.Empty(Entries());
    }

    [Fact]
    public void Spoiled_blocks_end_in_an_error()
    {
        Hear(1, 10, -50);
        byte[] block = Assert.Single(_partition.Queries.Presence(s_all).Blocks);
        Random random = new(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] spoiled = [.. block[..random.Next(block.Length)], (byte)random.Next(256), (byte)random.Next(256)];
            spoiled[random.Next(spoiled.Length)] ^= (byte)random.Next(256);
            try
            {
                PresenceBlock.Read(spoiled, s_all, static _ => { });
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private DevicePartition New(bool durable, KismetOrleans.Engine.Tracking.TrackingOptions? options = null) =>
        new(0, new(1, options ?? new(), new FakeManufacturers(), _sources, Guid.Empty, _clock), durable);

    private void Hear(ushort source, uint at, sbyte signal) => Apply(source, at, Beacon(Ap, "Campus", sequence: (ushort)(_beacons++ & 0xFFF)), signal);

    private void Apply(ushort source, uint at, byte[] frame, sbyte signal)
    {
        ObservationBatch batch = new();
        batch.Reset(source, (FirstSlot + 100) * Slot);
        new FrameDissector().Dissect(new Packets().Add(Heard(frame, signal, null), LinkType.Radiotap, (FirstSlot * Slot) - Packets.Start + at).ToBatch(), [batch]);
        _ = _partition.Apply(batch);
    }

    private void Save()
    {
        PartitionChanges changes = new(0);
        _partition.TakeChanges(changes);
        if (changes.Changed.Count > 0)
        {
            _devices = [.. _devices.Where(row => !changes.Changed.Exists(changed => changed.Id == DeviceCodec.Read(row).Id)), .. Enumerable.Range(0, changes.Changed.Count).Select(i => changes.StateOf(i).ToArray())];
        }
        if (changes.Presence is { } presence)
        {
            foreach ((long number, PresenceBlock block) in presence.Full)
            {
                _stored.Add(number, block.Bytes);
            }
            _image = new(presence.Last, presence.Pending?.Bytes ?? []);
            foreach (long old in _stored.Keys.Where(number => number < presence.Oldest).ToList())
            {
                _ = _stored.Remove(old);
            }
        }
    }

    private void Restart()
    {
        _partition = New(durable: true);
        Reload();
    }

    private void Reload() => _partition.Restore(new(1, [.. _devices.Select(static row => DeviceCodec.Read(row))], new Dictionary<ulong, Watermark>(), []) { Presence = _image });

    // As whoever asks adds it up.
    private IEnumerable<PresenceEntry> All(PresenceQuery? query = null)
    {
        PresenceShare share = _partition.Queries.Presence(query ?? s_all);
        List<PresenceEntry> entries = [];
        foreach (byte[] block in share.Blocks.Concat(_stored.Where(stored => stored.Key < share.StoredBelow).Select(static stored => stored.Value)))
        {
            PresenceBlock.Read(block, query ?? s_all, entries.Add);
        }
        return entries.GroupBy(static entry => (entry.Device, entry.Slot, entry.Source)).Select(static same => same.Aggregate(static (a, b) => a.And(b)));
    }

    private IEnumerable<(uint Slot, int Source, uint Packets, int Signal)> Entries(PresenceQuery? query = null) =>
        All(query).Where(static entry => entry.Device == s_ap).Select(static entry => (entry.Slot - FirstSlot, (int)entry.Source.ToByteArray()[0], entry.Packets, (int)entry.Signal)).Order();

    private sealed class Sources : ISourceDirectory
    {
        private readonly Dictionary<ushort, DatasourceRecord> _records = new ushort[] { 1, 2, 3 }.ToDictionary(static number => number, static number => Record((byte)number));

        public IReadOnlyList<DatasourceRecord> All => [.. _records.Values];

        public DatasourceRecord? Find(ushort number) => _records.GetValueOrDefault(number);

        public bool IsForgotten(ushort number) => !_records.ContainsKey(number);

        public void Forget(ushort number) => _records.Remove(number);

        public void Give(ushort number, byte uuid) => _records[number] = Record(uuid);

        private static DatasourceRecord Record(byte uuid) => Slices.Source(1) with { Uuid = new Guid(uuid, 0, 0, new byte[8]) };
    }
}
