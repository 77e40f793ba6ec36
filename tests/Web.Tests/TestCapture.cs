using System.Buffers.Binary;
using System.Text;

namespace KismetOrleans.Web.Tests;

/// <summary>Captures of the tests' own making: classic pcap of bare 802.11 frames (link type 105).</summary>
internal sealed class TestCapture : IDisposable
{
    private const int LinkType = 105;
    private readonly string _path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid():N}.pcap");
    private readonly FileStream _file;
    private readonly uint _second = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private uint _microsecond;

    public TestCapture()
    {
        _file = File.Create(_path);
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xA1B2C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], 65535);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkType);
        _file.Write(header);
    }

    /// <summary>Writes what is left and says where the file is.</summary>
    public string Finish()
    {
        _file.Dispose();
        return _path;
    }

    /// <summary>A beacon (IEEE 802.11-2020, 9.3.3.2) with elements after its SSID, channel 6.</summary>
    public void Beacon(ulong bssid, string ssid, params byte[][] elements)
    {
        byte[] name = Encoding.UTF8.GetBytes(ssid);
        List<byte> frame = [0x80, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. Mac(bssid), .. Mac(bssid), 0, 0];
        frame.AddRange([.. new byte[8], 0x64, 0, 0x01, 0]);
        frame.AddRange([0, (byte)name.Length, .. name, 3, 1, 6]);
        frame.AddRange(elements.SelectMany(static element => element));
        Add([.. frame]);
    }

    /// <summary>A probe request (IEEE 802.11-2020, 9.3.3.9) for any network.</summary>
    public void Probe(ulong station) =>
        Add([0x40, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. Mac(station), 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 1, 4, 2, 4, 11, 22]);

    /// <summary>Attributes of Wi-Fi Simple Configuration (specification 2.0.8, clause 12) as a vendor's element.</summary>
    public static byte[] Wps(params (ushort Type, string Text)[] attributes)
    {
        List<byte> body = [0x00, 0x50, 0xF2, 0x04];
        foreach ((ushort type, string text) in attributes)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            body.AddRange([(byte)(type >> 8), (byte)type, 0, (byte)bytes.Length, .. bytes]);
        }
        return [221, (byte)body.Count, .. body];
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    private static byte[] Mac(ulong value) => [(byte)(value >> 40), (byte)(value >> 32), (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private void Add(ReadOnlySpan<byte> frame)
    {
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, _second);
        // All within the second in which the file is made.
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], _microsecond++);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], frame.Length);
        _file.Write(header);
        _file.Write(frame);
    }
}
