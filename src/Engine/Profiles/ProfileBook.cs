using System.IO.Enumeration;
using System.Text.Json;
using KismetOrleans.Packets.Protocol;
using KismetOrleans.Records.Server;

namespace KismetOrleans.Engine.Profiles;

/// <summary>All profiles at one time, by name. Immutable.</summary>
public sealed class ProfileBook
{
    /// <summary>Profiles at most: sites and kinds of sensors, not sensors.</summary>
    public const int MaxCount = 256;

    /// <summary>No profiles yet.</summary>
    public static readonly ProfileBook Empty = new([], 1);

    private readonly SensorProfile[] _all;
    private readonly long _next;

    private ProfileBook(IEnumerable<SensorProfile> all, long next) => (_all, _next) = ([.. all.OrderBy(static one => one.Name, StringComparer.Ordinal)], next);

    /// <summary>The profiles by name.</summary>
    public IReadOnlyList<SensorProfile> All => _all;

    /// <summary>The profile of a name; null where there is none.</summary>
    public SensorProfile? Find(string name) => Array.Find(_all, one => one.Name == name);

    /// <summary>These with one more, or with another state of one.</summary>
    /// <returns>Null where there is no room.</returns>
    public (ProfileBook Book, SensorProfile Kept)? With(SensorProfile profile)
    {
        SensorProfile kept = profile with { Version = _next };
        IEnumerable<SensorProfile> others = _all.Where(one => one.Name != profile.Name);
        return _all.Length >= MaxCount && Find(profile.Name) is null ? null : (new(others.Append(kept), _next + 1), kept);
    }

    /// <summary>These without one; null where it is none of them.</summary>
    public ProfileBook? Without(string name) => Find(name) is null ? null : new(_all.Where(one => one.Name != name), _next);

    /// <summary>The profile of an agent: of those that are for it the one that says so closest: names of agents go before sites, names before patterns, longer patterns before shorter ones.</summary>
    /// <param name="names">Names that it goes by.</param>
    /// <param name="site">Where it stands; "" where nobody said.</param>
    /// <returns>Null where none is for it.</returns>
    public SensorProfile? For(IReadOnlyList<string> names, string site) => _all
        .Select(one => (Profile: one, Sensor: Closeness(one.Sensors, names), Site: Closeness(one.Sites, [site])))
        .Where(static one => one is { Sensor: { }, Site: { } })
        .OrderByDescending(static one => one.Sensor).ThenByDescending(static one => one.Site)
        .Select(static one => one.Profile).FirstOrDefault();

    /// <summary>A profile as agents are given it.</summary>
    public static Profile ToMessage(SensorProfile? profile) => profile is null ? Profile.None : new()
    {
        Name = profile.Name,
        Version = profile.Version,
        Sources = profile.Sources,
        Gps = profile.Gps,
        SpoolBytes = profile.SpoolBytes,
    };

    /// <summary>As <see cref="Read"/> takes it.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(new Kept(_next, _all));

    /// <summary>Reads what <see cref="ToBytes"/> wrote; nothing is none.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static ProfileBook Read(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? Empty : JsonSerializer.Deserialize<Kept>(bytes) is { } kept ? new(kept.All, kept.Next) : Empty;

    // Null where none of the patterns is for any of the names.
    private static int? Closeness(IReadOnlyList<string> patterns, IReadOnlyList<string> names)
    {
        int? closest = patterns.Count == 0 ? -1 : null;
        foreach (string pattern in patterns)
        {
            bool isName = pattern.AsSpan().IndexOfAny('*', '?') < 0;
            if (names.Any(name => isName ? name.Equals(pattern, StringComparison.OrdinalIgnoreCase) : FileSystemName.MatchesSimpleExpression(pattern, name)))
            {
                closest = Math.Max(closest ?? -1, isName ? int.MaxValue : pattern.Count(static c => c is not ('*' or '?')));
            }
        }
        return closest;
    }

    private sealed record Kept(long Next, SensorProfile[] All);
}
