using System.Collections.Concurrent;
using System.Globalization;

namespace KismetOrleans.Engine.Tracking;

/// <summary>Printed identifiers of services and companies, each made once.</summary>
internal static class BluetoothNames
{
    /// <summary>Identifiers that are kept; whoever makes up more pays for them.</summary>
    private const int MaxCached = 4096;

    private static readonly ConcurrentDictionary<UInt128, string> s_uuids = new();
    private static readonly ConcurrentDictionary<ushort, string> s_companies = new();

    /// <summary>A UUID as <c>0000180F-0000-1000-8000-00805F9B34FB</c>.</summary>
    public static string OfUuid(UInt128 uuid)
    {
        if (s_uuids.TryGetValue(uuid, out string? text))
        {
            return text;
        }
        string digits = uuid.ToString("X32", CultureInfo.InvariantCulture);
        text = $"{digits[..8]}-{digits[8..12]}-{digits[12..16]}-{digits[16..20]}-{digits[20..]}";
        if (s_uuids.Count < MaxCached)
        {
            s_uuids[uuid] = text;
        }
        return text;
    }

    /// <summary>A company identifier as <c>004C</c>.</summary>
    public static string OfCompany(ushort company)
    {
        if (s_companies.TryGetValue(company, out string? text))
        {
            return text;
        }
        text = company.ToString("X4", CultureInfo.InvariantCulture);
        if (s_companies.Count < MaxCached)
        {
            s_companies[company] = text;
        }
        return text;
    }
}
