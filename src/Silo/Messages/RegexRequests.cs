using System.Runtime.CompilerServices;
using System.Text.Json;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Silo.Messages;

/// <summary>
/// The regular expressions of requests in the air. A request asks every partition of a silo: its expressions are compiled once for all of them,
/// and share one budget of time as in one process.
/// </summary>
public static class RegexRequests
{
    // Requests that look for expressions at a time; a dropped one is only compiled again.
    private const int MaxKept = 64;
    private static readonly ConditionalWeakTable<RegexSpec, StrongBox<Guid>> s_identities = [];
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<Guid, RegexSpec> s_known = [];
    private static readonly Queue<Guid> s_oldest = [];

    /// <summary>The identity of the request that made expressions.</summary>
    public static Guid Of(RegexSpec spec) => s_identities.GetValue(spec, static _ => new(Guid.NewGuid())).Value;

    /// <summary>The expressions of a request, read here at most once while it is in the air.</summary>
    /// <exception cref="CommandException">They are invalid.</exception>
    public static RegexSpec Read(Guid request, string json)
    {
        lock (s_lock)
        {
            if (s_known.TryGetValue(request, out RegexSpec? known))
            {
                return known;
            }
            using JsonDocument document = JsonDocument.Parse(json);
            RegexSpec spec = RegexSpec.Parse(document.RootElement) ?? throw new InvalidDataException("A regex message without patterns.");
            if (s_oldest.Count == MaxKept)
            {
                _ = s_known.Remove(s_oldest.Dequeue());
            }
            s_known.Add(request, spec);
            s_oldest.Enqueue(request);
            return spec;
        }
    }
}
