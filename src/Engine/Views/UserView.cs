using System.Collections.Concurrent;
using System.Text.Json;
using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Views;

/// <summary>
/// A view that a user defined: devices that pass all parts of a filter. It is the same wherever it is the same text, and carries all that a partition
/// needs to know of it, so that nobody has to tell partitions beforehand.
/// </summary>
public sealed record UserView : DeviceView
{
    /// <summary>Characters of an id, which stands in paths.</summary>
    internal const int MaxId = 64;

    internal const int MaxDescription = 256;

    /// <summary>Addresses and masks of a filter; each is compared with every device that changes.</summary>
    internal const int MaxAddresses = 1000;

    // Views that were read lately; one that was dropped is only read again.
    private const int MaxKnown = 256;
    private static readonly ConcurrentDictionary<string, UserView> s_known = new(StringComparer.Ordinal);
    private static readonly string[] s_keys = ["view", "phy", "type", "devices", "seenby", "tag", "tagvalue", "regex", "where"];

    private UserView(string text) => Text = text;

    /// <summary>The whole definition as JSON.</summary>
    public string Text { get; }

    public string Id { get; private init; } = "";

    public string Description { get; private init; } = "";

    /// <summary>View of the server that its devices belong to, too; null for any.</summary>
    public DeviceView? Within { get; private init; }

    /// <summary>Phy of its devices; null for any.</summary>
    public Phy? Phy { get; private init; }

    /// <summary>Type of its devices, as <c>Wi-Fi AP</c>; null for any.</summary>
    public string? Type { get; private init; }

    /// <summary>Addresses of its devices; null for any.</summary>
    public IReadOnlyList<MaskedAddress>? Addresses { get; private init; }

    /// <summary>Source that saw its devices; null for any.</summary>
    public Guid? SeenBy { get; private init; }

    /// <summary>Tag that its devices bear; null for any.</summary>
    public string? Tag { get; private init; }

    /// <summary>What the tag says; null for anything.</summary>
    public string? TagText { get; private init; }

    /// <summary>Regular expressions, one of which must match; null for any device.</summary>
    public RegexSpec? Regex { get; private init; }

    /// <summary>Conditions, all of which must hold; null for any device.</summary>
    public WhereSpec? Where { get; private init; }

    /// <summary>Reads a definition: <c>{"id": …, "description": …, "filter": {…}}</c>. Read once, it is found again.</summary>
    /// <exception cref="CommandException">It is of no use; the message says where.</exception>
    public static UserView Read(string text)
    {
        if (s_known.TryGetValue(text, out UserView? known))
        {
            return known;
        }
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        UserView view = Of(Str(root, "id"), Str(root, "description"), root.TryGetProperty("filter", out JsonElement filter) ? filter : default);
        if (s_known.Count >= MaxKnown)
        {
            s_known.Clear();
        }
        return s_known[text] = view;
    }

    /// <summary>Makes a view.</summary>
    /// <exception cref="CommandException">A part is of no use; the message says which.</exception>
    public static UserView Of(string? id, string? description, JsonElement filter)
    {
        if (id is null || id.Length is 0 or > MaxId || !id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            throw new CommandException($"id: expected 1 to {MaxId} letters, digits, _, - or .");
        }
        if (id is "all" or "user" or AccessPointView.Name || id.StartsWith("phy-", StringComparison.Ordinal) || id.StartsWith("seenby-", StringComparison.Ordinal))
        {
            throw new CommandException($"id: '{id}' is one of the server's own views");
        }
        description ??= id;
        if (description.Length > MaxDescription)
        {
            throw new CommandException($"description: longer than {MaxDescription} characters");
        }
        if (filter.ValueKind != JsonValueKind.Object || !filter.EnumerateObject().Any())
        {
            throw new CommandException($"filter: expected a dictionary of {string.Join(", ", s_keys)}");
        }
        foreach (JsonProperty part in filter.EnumerateObject())
        {
            if (!s_keys.Contains(part.Name))
            {
                throw new CommandException($"filter.{part.Name}: expected one of {string.Join(", ", s_keys)}");
            }
        }
        string text = JsonSerializer.Serialize(new Dictionary<string, object> { ["id"] = id, ["description"] = description, ["filter"] = filter });
        return new(text)
        {
            Id = id,
            Description = description,
            Within = Str(filter, "view", "filter.") is not { } within ? null
                : within == AccessPointView.Name ? new AccessPointView() : throw new CommandException($"filter.view: expected {AccessPointView.Name}"),
            Phy = Str(filter, "phy", "filter.") is not { } phy ? null
                : Phy.All.FirstOrDefault(known => known.Name == phy) ?? throw new CommandException($"filter.phy: there is no '{phy}'"),
            Type = Str(filter, "type", "filter."),
            SeenBy = Str(filter, "seenby", "filter.") is not { } uuid ? null
                : Guid.TryParse(uuid, out Guid source) ? source : throw new CommandException("filter.seenby: expected a datasource's UUID"),
            Tag = Str(filter, "tag", "filter.") ?? (filter.TryGetProperty("tagvalue", out _) ? throw new CommandException("filter.tag: missing beside tagvalue") : null),
            TagText = Str(filter, "tagvalue", "filter."),
            Addresses = ReadAddresses(filter),
            Regex = filter.TryGetProperty("regex", out JsonElement regex) ? RegexSpec.Parse(regex) : null,
            Where = filter.TryGetProperty("where", out JsonElement where) ? WhereSpec.Parse(where, DeviceTable.Table, "filter.where") : null,
        };
    }

    /// <summary>Not for one device alone: partitions keep up who belongs to it.</summary>
    public override bool Contains(Device device) => throw new NotSupportedException("A user's view is kept up by its partition.");

    public bool Equals(UserView? other) => other is not null && other.Text == Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Makes the filter ready for a run over devices.</summary>
    internal Func<Device, bool> Test(RecordContext context)
    {
        ushort? source = SeenBy is not { } uuid ? null : context.Sources?.Find(uuid)?.Number ?? 0;
        RecordMatcher<Device>? regex = Regex is null ? null : DeviceTable.Table.Matcher(Regex.Renew());
        RecordConditions<Device>? where = Where is null ? null : DeviceTable.Table.Conditions(Where.Renew());
        return device =>
            (Within is null || Within.Contains(device))
            && (Phy is null || device.Id.Phy == Phy)
            && (Type is null || device.Type == Type)
            && (source is not { } number || IsSeenBy(device, number))
            && (Tag is null || (device.Tags is { } tags && tags.TryGetValue(Tag, out string? text) && (TagText is null || text == TagText)))
            && (Addresses is null || Names(Addresses, device.Id.Address))
            && (where is null || where.Hold(device, context))
            && (regex is null || regex.Matches(device, context));
    }

    private static bool IsSeenBy(Device device, ushort source)
    {
        foreach (SeenBy seen in device.SeenBy)
        {
            if (seen.SourceNumber == source)
            {
                return true;
            }
        }
        return false;
    }

    private static bool Names(IReadOnlyList<MaskedAddress> addresses, MacAddress address)
    {
        foreach (MaskedAddress one in addresses)
        {
            if (one.Matches(address))
            {
                return true;
            }
        }
        return false;
    }

    private static IReadOnlyList<MaskedAddress>? ReadAddresses(JsonElement filter)
    {
        if (!filter.TryGetProperty("devices", out JsonElement list))
        {
            return null;
        }
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxAddresses)
        {
            throw new CommandException($"filter.devices: expected 1 to {MaxAddresses} addresses");
        }
        return [.. list.EnumerateArray().Select(static (element, i) =>
        {
            string text = element.ValueKind == JsonValueKind.String ? element.GetString()! : "";
            int slash = text.IndexOf('/', StringComparison.Ordinal);
            return MacAddress.TryParse(slash < 0 ? text : text[..slash], out MacAddress address)
                && MacAddress.TryParse(slash < 0 ? "FF:FF:FF:FF:FF:FF" : text[(slash + 1)..], out MacAddress mask)
                ? new MaskedAddress(address, mask.Value)
                : throw new CommandException($"filter.devices[{i}]: not a MAC address");
        })];
    }

    private static string? Str(JsonElement from, string key, string place = "")
    {
        if (!from.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw new CommandException($"{place}{key}: expected a string");
    }
}
