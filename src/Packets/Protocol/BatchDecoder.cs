using System.IO.Compression;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;

namespace KismetOrleans.Packets.Protocol;

/// <summary>Unpacks what <see cref="BatchBuilder"/> packed, straight into a batch. Stateless.</summary>
public static class BatchDecoder
{
    /// <summary>A batch that grows with what is unpacked into it.</summary>
    public static PacketBatch NewBatch() => new(0, 0);

    /// <summary>Unpacks a batch.</summary>
    /// <param name="payload">The payload of its frame.</param>
    /// <param name="batch">Filled but for its source, and grown where it is too small. Of no meaning when false.</param>
    /// <param name="header">What stands before the packets.</param>
    /// <param name="error">What is wrong with it, fit for the log; null when nothing is.</param>
    public static bool TryDecode(ReadOnlySpan<byte> payload, PacketBatch batch, out BatchHeader header, out string? error)
    {
        batch.Count = 0;
        if (!BatchHeader.TryRead(payload, out header))
        {
            error = "a batch with an impossible header";
            return false;
        }
        // The header's reader has bounded both.
        batch.Reserve(header.BodyBytes, header.Packets);
        error = !TryUnpack(payload[BatchHeader.Length..], batch.Bytes.AsSpan(0, header.BodyBytes), header.Flags) ? "a batch that cannot be unpacked"
            : !TryColumns(batch.Bytes.AsSpan(0, header.BodyBytes), batch.Packets.AsSpan(0, header.Packets), batch) ? "a batch whose packets contradict its length"
            : null;
        if (error is not null)
        {
            return false;
        }
        batch.BootId = header.BootId;
        batch.Sequence = header.Sequence;
        batch.Count = header.Packets;
        batch.FilePosition = 0;
        return true;
    }

    private static bool TryUnpack(ReadOnlySpan<byte> packed, Span<byte> body, BatchFlags flags)
    {
        if ((flags & BatchFlags.Brotli) != 0)
        {
            return BrotliDecoder.TryDecompress(packed, body, out int written) && written == body.Length;
        }
        return packed.Length == body.Length && packed.TryCopyTo(body);
    }

    private static bool TryColumns(ReadOnlySpan<byte> body, Span<CapturedPacket> packets, PacketBatch batch)
    {
        int at = 0;
        return TryRuns(body, ref at, packets) && TryTimes(body, ref at, packets) && TryLengths(body, ref at, packets) && BatchNotes.TryRead(body[at..], batch);
    }

    private static bool TryRuns(ReadOnlySpan<byte> body, ref int at, Span<CapturedPacket> packets)
    {
        for (int done = 0; done < packets.Length;)
        {
            if (!Varint.TryRead(body, ref at, out ulong run) || run == 0 || run > (ulong)(packets.Length - done)
                || !Varint.TryRead(body, ref at, out ulong linkType) || linkType > ushort.MaxValue
                || !Varint.TryRead(body, ref at, out ulong number) || number > int.MaxValue
                || at >= body.Length || body[at] > 1)
            {
                return false;
            }
            CapturedPacket common = new() { LinkType = (LinkType)linkType, Interface = (int)number, TimeOutOfRange = body[at++] == 1 };
            packets.Slice(done, (int)run).Fill(common);
            done += (int)run;
        }
        return true;
    }

    private static bool TryTimes(ReadOnlySpan<byte> body, ref int at, Span<CapturedPacket> packets)
    {
        long time = 0;
        foreach (ref CapturedPacket packet in packets)
        {
            if (!Varint.TryRead(body, ref at, out ulong since))
            {
                return false;
            }
            time = unchecked(time + Varint.Unzigzag(since));
            packet.TimeNs = time;
        }
        return true;
    }

    private static bool TryLengths(ReadOnlySpan<byte> body, ref int at, Span<CapturedPacket> packets)
    {
        // Offsets are from where the lengths end, which is known once all are read.
        long total = 0;
        foreach (ref CapturedPacket packet in packets)
        {
            if (!Varint.TryRead(body, ref at, out ulong length) || length >> 1 > CaptureLimits.MaxPacketLength)
            {
                return false;
            }
            packet.Length = packet.OriginalLength = (int)(length >> 1);
            packet.Offset = (int)total;
            total += packet.Length;
            if ((length & 1) != 0)
            {
                if (!Varint.TryRead(body, ref at, out ulong cut))
                {
                    return false;
                }
                long original = Varint.Unzigzag(cut);
                if (original < -packet.Length || original > int.MaxValue - packet.Length)
                {
                    return false;
                }
                packet.OriginalLength += (int)original;
            }
            if (total > body.Length)
            {
                return false;
            }
        }
        // What is left are columns that a newer agent appends.
        if (total > body.Length - at)
        {
            return false;
        }
        foreach (ref CapturedPacket packet in packets)
        {
            packet.Offset += at;
        }
        at += (int)total;
        return true;
    }
}
