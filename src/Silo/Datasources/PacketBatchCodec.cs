using System.Buffers;
using System.Buffers.Binary;
using KismetOrleans.Grains;
using KismetOrleans.Wire;

namespace KismetOrleans.Silo.Datasources;

/// <summary>A batch of packets as octets: a head, an entry a packet, the packets one after the other.</summary>
public static class PacketBatchCodec
{
    private const byte Version = 1;
    private const int HeadOctets = 56;
    private const int EntryOctets = 25;

    /// <summary>Writes a batch.</summary>
    public static void Write(PacketBatch batch, IBufferWriter<byte> to)
    {
        int octets = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            octets += batch.Packets[i].Length;
        }
        int length = HeadOctets + (batch.Count * EntryOctets) + octets;
        Span<byte> all = to.GetSpan(length)[..length];
        BinaryPrimitives.WriteInt32LittleEndian(all, Version);
        BinaryPrimitives.WriteInt32LittleEndian(all[4..], batch.Count);
        _ = batch.Source.TryWriteBytes(all[8..]);
        BinaryPrimitives.WriteUInt64LittleEndian(all[24..], batch.BootId);
        BinaryPrimitives.WriteUInt64LittleEndian(all[32..], batch.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(all[40..], batch.FilePosition);
        BinaryPrimitives.WriteInt32LittleEndian(all[48..], octets);
        BinaryPrimitives.WriteInt32LittleEndian(all[52..], 0);
        Span<byte> entry = all[HeadOctets..];
        Span<byte> packets = entry[(batch.Count * EntryOctets)..];
        for (int i = 0; i < batch.Count; i++)
        {
            ref readonly CapturedPacket packet = ref batch.Packets[i];
            BinaryPrimitives.WriteInt64LittleEndian(entry, packet.TimeNs);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], (int)packet.LinkType);
            BinaryPrimitives.WriteInt32LittleEndian(entry[12..], packet.Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], packet.OriginalLength);
            BinaryPrimitives.WriteInt32LittleEndian(entry[20..], packet.Interface);
            entry[24] = packet.TimeOutOfRange ? (byte)1 : (byte)0;
            entry = entry[EntryOctets..];
            batch.Span(i).CopyTo(packets);
            packets = packets[packet.Length..];
        }
        to.Advance(length);
    }

    /// <summary>Reads a batch into one that is reused.</summary>
    /// <exception cref="InvalidDataException">The octets are no batch.</exception>
    public static void Read(ReadOnlySpan<byte> all, PacketBatch batch)
    {
        if (all.Length < HeadOctets || BinaryPrimitives.ReadInt32LittleEndian(all) != Version)
        {
            throw new InvalidDataException("A batch of packets was written by another version of this program.");
        }
        int count = BinaryPrimitives.ReadInt32LittleEndian(all[4..]);
        int octets = BinaryPrimitives.ReadInt32LittleEndian(all[48..]);
        if (count < 0 || octets < 0 || HeadOctets + ((long)count * EntryOctets) + octets != all.Length)
        {
            throw new InvalidDataException("A batch of packets has a wrong length.");
        }
        batch.Source = new(all[8..24]);
        batch.BootId = BinaryPrimitives.ReadUInt64LittleEndian(all[24..]);
        batch.Sequence = BinaryPrimitives.ReadUInt64LittleEndian(all[32..]);
        batch.FilePosition = BinaryPrimitives.ReadInt64LittleEndian(all[40..]);
        if (batch.Packets.Length < count)
        {
            batch.Packets = new CapturedPacket[count];
        }
        if (batch.Bytes.Length < octets)
        {
            batch.Bytes = new byte[octets];
        }
        batch.Count = 0;
        ReadOnlySpan<byte> entry = all[HeadOctets..];
        int offset = 0;
        for (int i = 0; i < count; i++)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(entry[12..]);
            if (length < 0 || length > octets - offset)
            {
                throw new InvalidDataException("A packet lies outside its batch.");
            }
            batch.Packets[i] = new()
            {
                TimeNs = BinaryPrimitives.ReadInt64LittleEndian(entry),
                LinkType = (LinkType)BinaryPrimitives.ReadInt32LittleEndian(entry[8..]),
                Offset = offset,
                Length = length,
                OriginalLength = BinaryPrimitives.ReadInt32LittleEndian(entry[16..]),
                Interface = BinaryPrimitives.ReadInt32LittleEndian(entry[20..]),
                TimeOutOfRange = entry[24] != 0,
            };
            offset += length;
            entry = entry[EntryOctets..];
        }
        entry[..octets].CopyTo(batch.Bytes);
        batch.Count = count;
    }
}
