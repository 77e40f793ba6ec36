using System.Buffers.Binary;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Grains.Sources;
using KismetOrleans.Packets;
using KismetOrleans.Records.Datasources;
using KismetOrleans.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace KismetOrleans.Api.Tests.Streams;

/// <summary>A datasource of a running server whose packets come from the test.</summary>
internal sealed class LiveSource
{
    /// <summary>Time of the first packet; each later one is a millisecond on.</summary>
    public const long StartNs = 1_700_000_000_000_000_000;

    private readonly Datasource _source;
    private ulong _sequence;
    private long _sent;

    private LiveSource(Datasource source) => _source = source;

    /// <summary>Its UUID as the server prints it.</summary>
    public string Uuid => _source.Record.Uuid.ToString().ToUpperInvariant();

    /// <summary>Adds a source to a server.</summary>
    public static async Task<LiveSource> AddAsync(TestServer server, string name, string @interface = "wlan0", string captureInterface = "wlan0mon") =>
        new(await server.App.Services.GetRequiredService<LocalSources>().AddSourceAsync(new DatasourceRecord
        {
            Number = 0,
            Uuid = Guid.NewGuid(),
            Name = name,
            Definition = @interface,
            Interface = @interface,
            CaptureInterface = captureInterface,
            Driver = SourceDrivers.Libpcap,
            PacketsRrd = new(),
            DataRrd = new(),
        }));

    /// <summary>Hears packets; they have been offered to all streams when this completes.</summary>
    public async Task HearAsync(LinkType type, params IReadOnlyList<byte[]> packets)
    {
        PacketBatch batch = new(packets.Sum(static p => p.Length), packets.Count) { BootId = 1, Sequence = ++_sequence, Source = _source.Record.Uuid };
        int offset = 0;
        foreach (byte[] packet in packets)
        {
            packet.CopyTo(batch.Bytes, offset);
            batch.Packets[batch.Count++] = new()
            {
                TimeNs = StartNs + _sent++ * 1_000_000,
                LinkType = type,
                Offset = offset,
                Length = packet.Length,
                OriginalLength = packet.Length,
            };
            offset += packet.Length;
        }
        await _source.AcceptAsync(batch);
        await _source.DrainAsync();
    }

    /// <summary>A data frame to the distribution system: receiver and BSSID, sender, destination; the last bytes are a number.</summary>
    public static byte[] Data(MacAddress bssid, MacAddress from, int number, int size = 40)
    {
        byte[] frame = new byte[size];
        frame[0] = 0x08;
        frame[1] = 0x01;
        Put(frame.AsSpan(4), bssid);
        Put(frame.AsSpan(10), from);
        Put(frame.AsSpan(16), new(0x0200_0000_00FF));
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(size - 4), number);
        return frame;
    }

    /// <summary>The frame behind an empty radiotap header.</summary>
    public static byte[] Radiotap(byte[] frame) => [0, 0, 8, 0, 0, 0, 0, 0, .. frame];

    private static void Put(Span<byte> to, MacAddress address)
    {
        BinaryPrimitives.WriteUInt16BigEndian(to, (ushort)(address.Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(to[2..], (uint)address.Value);
    }
}
