using System.Numerics;
using KismetOrleans.Packets.Live;
using KismetOrleans.Wire;

namespace KismetOrleans.Packets;

/// <summary>Where one packet lies in a <see cref="PacketBatch"/>, and what the capture said about it.</summary>
public struct CapturedPacket
{
    /// <summary>Capture time in nanoseconds since 1970-01-01 UTC, clamped when <see cref="TimeOutOfRange"/>.</summary>
    public long TimeNs;

    /// <summary>Link type of the packet's first byte; numbers without a name here are passed on as they are.</summary>
    public LinkType LinkType;

    /// <summary>Bytes from the start of <see cref="PacketBatch.Bytes"/>.</summary>
    public int Offset;

    /// <summary>Bytes captured.</summary>
    public int Length;

    /// <summary>Bytes that the packet had on the air; less than <see cref="Length"/> only in contradictory captures.</summary>
    public int OriginalLength;

    /// <summary>Number of the interface in its file section, 0 where there is only one.</summary>
    public int Interface;

    /// <summary>Bytes of the check sequence at the packet's end, 0 for none, as far as the file tells beside the link header; else null.</summary>
    public byte? FcsLength;

    /// <summary>The recorded time has a fraction of a second or more, or does not fit <see cref="TimeNs"/>.</summary>
    public bool TimeOutOfRange;
}

/// <summary>What a file tells of a packet beside its bytes, where these do not tell it themselves.</summary>
public struct PacketNotes
{
    /// <summary>Degrees north.</summary>
    public double Latitude;

    /// <summary>Degrees east.</summary>
    public double Longitude;

    /// <summary>Metres.</summary>
    public float Altitude;

    /// <summary>2 without height, 3 with it, 0 where there is no place.</summary>
    public byte Fix;

    /// <summary>Signal in dBm, 0 for none.</summary>
    public sbyte Signal;

    /// <summary>Frequency in kHz, 0 for none.</summary>
    public uint FrequencyKhz;
}

/// <summary>A batch of packets of one source. Filled in place and reused, so nothing is allocated per packet.</summary>
public sealed class PacketBatch
{
    /// <summary>Bytes of <see cref="Bytes"/> that the parameterless constructor takes: large enough that a read call costs nothing per packet.</summary>
    internal const int DefaultBytes = 1 << 20;

    /// <summary>Packets that the parameterless constructor has room for.</summary>
    internal const int DefaultPackets = 4096;

    /// <summary>An empty batch with room for <paramref name="bytes"/> bytes and <paramref name="packets"/> packets.</summary>
    public PacketBatch(int bytes = DefaultBytes, int packets = DefaultPackets)
    {
        Bytes = new byte[bytes];
        Packets = new CapturedPacket[packets];
    }

    /// <summary>UUID of the datasource.</summary>
    public Guid Source;

    /// <summary>Changes whenever the source starts anew; with <see cref="Sequence"/> it names the batch for good.</summary>
    public ulong BootId;

    /// <summary>Number of the batch since the source started.</summary>
    public ulong Sequence;

    /// <summary>The packets' bytes; what lies between the packets is of no meaning.</summary>
    public byte[] Bytes;

    /// <summary>The packets; the first <see cref="Count"/> entries count.</summary>
    public CapturedPacket[] Packets;

    /// <summary>Notes on each packet; null where the source has none.</summary>
    public PacketNotes[]? Notes;

    /// <summary>Packets in the batch.</summary>
    public int Count;

    /// <summary>Bytes of the capture file consumed when the batch was filled (of the compressed file, if it is), 0 for live sources.</summary>
    public long FilePosition;

    /// <summary>Where the packets were seen, as far as the sensor knows it and they do not bring it themselves.</summary>
    public PacketPosition? Position;

    /// <summary>How the clock of the sensor's host stood, by which the packets are dated; null where that is not known.</summary>
    public HostClock? Clock;

    /// <summary>Makes room for what is about to be read; what is there is of no meaning then.</summary>
    internal void Reserve(int bytes, int packets)
    {
        if (bytes > Bytes.Length)
        {
            Bytes = GC.AllocateUninitializedArray<byte>((int)BitOperations.RoundUpToPowerOf2((uint)bytes));
        }
        if (packets > Packets.Length)
        {
            Packets = new CapturedPacket[(int)BitOperations.RoundUpToPowerOf2((uint)packets)];
        }
    }

    /// <summary>The bytes of packet <paramref name="i"/>.</summary>
    public ReadOnlySpan<byte> Span(int i) => Bytes.AsSpan(Packets[i].Offset, Packets[i].Length);
}
