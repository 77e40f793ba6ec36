using KismetOrleans.Records.Devices;

namespace KismetOrleans.Records.Dot11;

/// <summary>An SSID with one kind of security, and the devices that announce it, answer with it or ask for it (<c>dot11.ssidgroup.*</c>).</summary>
[GenerateSerializer, SuppressReferenceTracking, Alias("KismetOrleans.SsidGroup")]
public sealed class SsidGroup
{
    /// <summary>Hash of the SSID; groups that differ in security alone share it.</summary>
    [Id(0)] public uint Hash;

    /// <summary>The low 32 bits of the security's bits: versions and ciphers, without key management.</summary>
    [Id(1)] public uint Crypt;

    /// <summary>Printable form of the SSID.</summary>
    [Id(2)] public string Ssid = "";

    /// <summary>Bytes of the raw SSID.</summary>
    [Id(3)] public byte Length;

    /// <summary>Unix second of the first frame.</summary>
    [Id(4)] public uint FirstTime;

    /// <summary>Unix second of the newest frame.</summary>
    [Id(5)] public uint LastTime;

    /// <summary>Devices that beacon it.</summary>
    [Id(6)] public SsidDevices Advertising;

    /// <summary>Devices that answer probes with it.</summary>
    [Id(7)] public SsidDevices Responding;

    /// <summary>Devices that ask for it.</summary>
    [Id(8)] public SsidDevices Probing;

    /// <summary>What tells groups apart.</summary>
    public ulong Identity => ((ulong)Hash << 32) | Crypt;
}

/// <summary>Devices of an SSID: how many, and which where that was asked for.</summary>
[GenerateSerializer, Alias("KismetOrleans.SsidDevices")]
public struct SsidDevices
{
    [Id(1)] private List<DeviceId>? _ids;

    /// <summary>How many.</summary>
    [Id(0)] public int Count { get; private set; }

    /// <summary>Which; none where only the number was asked for.</summary>
    public readonly IReadOnlyList<DeviceId> Ids => _ids is null ? [] : _ids;

    /// <summary>Adds a device.</summary>
    /// <param name="named">Whether it is named, or only counted.</param>
    public void Add(DeviceId device, bool named)
    {
        Count++;
        if (named)
        {
            (_ids ??= []).Add(device);
        }
    }

    /// <summary>Adds the devices of another share; none is in both.</summary>
    public void Add(int count, IReadOnlyList<DeviceId> ids)
    {
        Count += count;
        if (ids.Count > 0)
        {
            (_ids ??= []).AddRange(ids);
        }
    }
}
