using KismetOrleans.Engine.Ssids;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;

namespace KismetOrleans.Grains.Messages;

/// <summary><see cref="SsidQuery"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SsidQuery")]
public struct SsidQueryMessage
{
    /// <summary>Whether devices are named.</summary>
    [Id(0)] public bool NamesDevices;

    /// <summary>Only SSIDs of these hashes; null for all.</summary>
    [Id(1)] public uint[]? Hashes;
}

/// <summary>Converts <see cref="SsidQuery"/>.</summary>
[RegisterConverter]
public sealed class SsidQueryConverter : IConverter<SsidQuery, SsidQueryMessage>
{
    /// <inheritdoc/>
    public SsidQuery ConvertFromSurrogate(in SsidQueryMessage m) => new(m.NamesDevices, m.Hashes);

    /// <inheritdoc/>
    public SsidQueryMessage ConvertToSurrogate(in SsidQuery value) => new() { NamesDevices = value.NamesDevices, Hashes = value.Hashes?.ToArray() };
}

/// <summary><see cref="SsidShare"/> on the wire: groups as columns.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.SsidShare")]
public struct SsidShareMessage
{
    /// <summary>What tells groups apart.</summary>
    [Id(0)] public ulong[] Identities;

    /// <summary>SSIDs.</summary>
    [Id(1)] public string[] Ssids;

    /// <summary>Octets of each.</summary>
    [Id(2)] public byte[] Lengths;

    /// <summary>First and newest second of each, in turn.</summary>
    [Id(3)] public uint[] Times;

    /// <summary>Numbers of devices of each: three kinds in turn.</summary>
    [Id(4)] public int[] Counts;

    /// <summary>Devices in the order of <see cref="Counts"/>; null where they are only counted.</summary>
    [Id(5)] public ulong[]? Devices;
}

/// <summary>Converts <see cref="SsidShare"/>.</summary>
[RegisterConverter]
public sealed class SsidShareConverter : IConverter<SsidShare, SsidShareMessage>
{
    /// <inheritdoc/>
    public SsidShare ConvertFromSurrogate(in SsidShareMessage m)
    {
        SsidGroup[] groups = new SsidGroup[m.Identities.Length];
        ReadOnlySpan<ulong> devices = m.Devices;
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = new()
            {
                Hash = (uint)(m.Identities[i] >> 32),
                Crypt = (uint)m.Identities[i],
                Ssid = m.Ssids[i],
                Length = m.Lengths[i],
                FirstTime = m.Times[2 * i],
                LastTime = m.Times[(2 * i) + 1],
                Advertising = Take(m.Counts[3 * i], ref devices),
                Responding = Take(m.Counts[(3 * i) + 1], ref devices),
                Probing = Take(m.Counts[(3 * i) + 2], ref devices),
            };
        }
        return new(groups);
    }

    /// <inheritdoc/>
    public SsidShareMessage ConvertToSurrogate(in SsidShare value)
    {
        IReadOnlyList<SsidGroup> groups = value.Groups;
        SsidShareMessage m = new()
        {
            Identities = [.. groups.Select(static g => g.Identity)],
            Ssids = [.. groups.Select(static g => g.Ssid)],
            Lengths = [.. groups.Select(static g => g.Length)],
            Times = [.. groups.SelectMany(static g => new[] { g.FirstTime, g.LastTime })],
            Counts = [.. groups.SelectMany(static g => new[] { g.Advertising.Count, g.Responding.Count, g.Probing.Count })],
        };
        ulong[] devices = [.. groups.SelectMany(static g => g.Advertising.Ids.Concat(g.Responding.Ids).Concat(g.Probing.Ids)).Select(static id => id.Value)];
        m.Devices = devices.Length == 0 ? null : devices;
        return m;
    }

    private static SsidDevices Take(int count, ref ReadOnlySpan<ulong> devices)
    {
        SsidDevices taken = default;
        if (devices.IsEmpty)
        {
            taken.Add(count, []);
            return taken;
        }
        List<DeviceId> ids = new(count);
        foreach (ulong id in devices[..count])
        {
            ids.Add(new(id));
        }
        devices = devices[count..];
        taken.Add(count, ids);
        return taken;
    }
}
