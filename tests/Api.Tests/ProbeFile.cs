using System.Buffers.Binary;

namespace KismetOrleans.Api.Tests;

/// <summary>Capture files of probe requests made here, one device and one second each; removed with it.</summary>
internal sealed class ProbeFile : IDisposable
{
    /// <summary>Capture time of the first frame, a Unix second.</summary>
    public const uint FirstSecond = 1_700_000_000;

    private const uint Magic = 0xA1B2C3D4;
    private const uint LinkType80211 = 105;

    private ProbeFile(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Frames 0 to <paramref name="devices"/> − 1, from 02:00:00:00:hi:lo.</summary>
    public static ProbeFile Create(int devices, uint linkType = LinkType80211, Func<int, uint>? seconds = null)
    {
        // Probe request to everyone, wildcard SSID, rates 1 to 11 Mbit/s: bytes 10 to 15 are the sender.
        byte[] frame = Convert.FromHexString("40000000FFFFFFFFFFFF020000000000FFFFFFFFFFFF0000" + "0000" + "010402040B16");
        return Of(linkType, Enumerable.Range(0, devices).Select(i =>
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14), (ushort)i);
            return frame;
        }), seconds);
    }

    /// <summary>Frames of a link type, a second each or so long after <see cref="FirstSecond"/>.</summary>
    public static ProbeFile Of(uint linkType, IEnumerable<byte[]> frames, Func<int, uint>? seconds = null)
    {
        using MemoryStream file = new();
        Write(file, Magic, 0x0004_0002, 0, 0, 65535, linkType);
        int number = 0;
        foreach (byte[] frame in frames)
        {
            Write(file, FirstSecond + (seconds?.Invoke(number) ?? (uint)number), 0, (uint)frame.Length, (uint)frame.Length);
            file.Write(frame);
            number++;
        }
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"api-tests-{Guid.NewGuid():N}.pcap");
        File.WriteAllBytes(path, file.ToArray());
        return new(path);
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);

    private static void Write(Stream file, params ReadOnlySpan<uint> words)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint word in words)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
            file.Write(bytes);
        }
    }
}
