using System.Buffers.Binary;
using KismetOrleans.Engine.Streams;
using KismetOrleans.Packets;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Streams;

/// <summary>Blocks of several processes come into one tap: packets once, losses added up.</summary>
public sealed class TapInletTests
{
    private readonly PacketTaps _here = new(new() { QueueBytes = Tapping.SmallQueue });

    [Fact]
    public async Task A_batch_that_another_process_sends_again_counts_once()
    {
        PacketTap tap = _here.Add(PacketFilter.All);
        TapInlet inlet = new(tap);
        TapFeed dead = new();
        // It died within the second batch.
        inlet.Take(await EntriesAsync(Batch(1, "a", "b"), Batch(2, "c")), dead);
        inlet.Take(await EntriesAsync(Batch(1, "a", "b"), Batch(2, "c", "d"), Batch(3, "e")), new());
        // A new life of the sensor counts anew.
        inlet.Take(await EntriesAsync(Batch(1, boot: 8, "f")), new());
        inlet.Take(await EntriesAsync(Batch(4, "old")), dead);
        Assert.Equal(Hex("a", "b", "c", "d", "e", "f"), (await Tapping.DrainAsync(tap)).Select(static tapped => tapped.Hex));
        Assert.Equal(1, inlet.Sources);
    }

    [Fact]
    public async Task Batches_without_numbers_are_all_taken()
    {
        PacketTap tap = _here.Add(PacketFilter.All);
        TapInlet inlet = new(tap);
        inlet.Take(await EntriesAsync(Batch(0, boot: 0, "a")), new());
        inlet.Take(await EntriesAsync(Batch(0, boot: 0, "a")), new());
        Assert.Equal(Hex("a", "a"), (await Tapping.DrainAsync(tap)).Select(static tapped => tapped.Hex));
    }

    [Fact]
    public async Task Losses_of_several_taps_and_of_this_one_are_added_up()
    {
        PacketTap tap = _here.Add(PacketFilter.All);
        TapInlet inlet = new(tap);
        TapFeed first = new();
        inlet.Take(Note(5), first);
        inlet.Take(Note(7), first);
        inlet.Take(Note(7), first);
        inlet.Take(Note(10), new());
        Assert.Equal(17, tap.Dropped);

        for (ulong sequence = 1; tap.Room >= 1 << 16; sequence++)
        {
            inlet.Take(await EntriesAsync(new Packets().Add(new byte[60_000]).ToBatch(7, sequence)), first);
        }
        inlet.Take(await EntriesAsync(Batch(100, "a")), first);
        Assert.Equal(18, tap.Dropped);
        Tapped note = (await Tapping.DrainAsync(tap)).First(static tapped => tapped.Lost > 0);
        Assert.Equal(1, note.Source);
    }

    [Fact]
    public async Task Damaged_entries_are_refused_and_those_before_them_taken()
    {
        PacketTap tap = _here.Add(PacketFilter.All);
        byte[] entries = await EntriesAsync(Batch(1, "a", "b"));
        Assert.Throws<InvalidDataException>(() => new TapInlet(tap).Take(entries.AsSpan()[..^1], new()));
        Assert.Equal(Hex("a"), (await Tapping.DrainAsync(tap)).Select(static tapped => tapped.Hex));
    }

    private static PacketBatch Batch(ulong sequence, params string[] ssids) => Batch(sequence, 7, ssids);

    private static PacketBatch Batch(ulong sequence, ulong boot, params string[] ssids)
    {
        Packets packets = new();
        foreach (string ssid in ssids)
        {
            packets.Add(Beacon(Ap, ssid));
        }
        PacketBatch batch = packets.ToBatch();
        (batch.BootId, batch.Sequence) = (boot, sequence);
        return batch;
    }

    private static IEnumerable<string> Hex(params string[] ssids) => ssids.Select(static ssid => Convert.ToHexString(Beacon(Ap, ssid)));

    // What a tap of another process gives.
    private static async Task<byte[]> EntriesAsync(params PacketBatch[] batches)
    {
        Tapping there = new();
        PacketTap tap = there.Taps.Add(PacketFilter.All);
        foreach (PacketBatch batch in batches)
        {
            there.Dissect(batch);
        }
        tap.End();
        List<byte> all = [];
        while (await tap.ReadAsync(default) is { } block)
        {
            using (block)
            {
                all.AddRange(block.Bytes.AsSpan(0, block.Length));
            }
        }
        return [.. all];
    }

    private static byte[] Note(long lost)
    {
        // Time, count, source, link type, nothing, and the flag that makes it a note.
        byte[] note = new byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(note, 1);
        BinaryPrimitives.WriteInt64LittleEndian(note.AsSpan(8), lost);
        BinaryPrimitives.WriteUInt16LittleEndian(note.AsSpan(16), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(note.AsSpan(18), (ushort)LinkType.Ieee80211);
        note[23] = 1;
        return note;
    }
}
