using System.Runtime.CompilerServices;
using System.Text.Json;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Grains.Messages;

/// <summary>
/// What requests in the air look for. A request asks every partition of a silo: its expressions are compiled once for all of them, and share one
/// budget of time as in one process.
/// </summary>
internal static class Requests
{
    /// <summary>Their regular expressions.</summary>
    public static Requests<RegexSpec> Regex { get; } = new(RegexSpec.Parse);

    /// <summary>Their conditions for devices.</summary>
    public static Requests<WhereSpec> Where { get; } = new(static json => WhereSpec.Parse(json, DeviceTable.Table));
}

/// <summary>What requests in the air look for, of one kind.</summary>
internal sealed class Requests<T>(Func<JsonElement, T?> parse)
    where T : class
{
    // Requests that look for something at a time; a dropped one is only compiled again.
    private const int MaxKept = 64;
    private readonly ConditionalWeakTable<T, StrongBox<Guid>> _identities = [];
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, T> _known = [];
    private readonly Queue<Guid> _oldest = [];

    public Guid Of(T spec) => _identities.GetValue(spec, static _ => new(Guid.NewGuid())).Value;

    /// <summary>What a request looks for, read here at most once while it is in the air.</summary>
    /// <exception cref="CommandException">It is invalid.</exception>
    public T Read(Guid request, string json)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(request, out T? known))
            {
                return known;
            }
            using JsonDocument document = JsonDocument.Parse(json);
            T spec = parse(document.RootElement) ?? throw new InvalidDataException("A message about nothing to look for.");
            if (_oldest.Count == MaxKept)
            {
                _ = _known.Remove(_oldest.Dequeue());
            }
            _known.Add(request, spec);
            _oldest.Enqueue(request);
            return spec;
        }
    }
}
