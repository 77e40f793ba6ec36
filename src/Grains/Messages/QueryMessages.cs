using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Engine.Views;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Grains.Messages;

/// <summary><see cref="DeviceFilter"/> on the wire.</summary>
[GenerateSerializer, Alias("KismetOrleans.DeviceFilter")]
public struct DeviceFilterMessage
{
    /// <summary>Which view.</summary>
    [Id(0)] public ViewKind View;

    /// <summary>Number of the view's phy or source.</summary>
    [Id(1)] public int Number;

    /// <summary>Oldest second.</summary>
    [Id(2)] public uint? Since;

    /// <summary>JSON of the regular expressions.</summary>
    [Id(3)] public string? Regex;

    /// <summary>Identity of the request that they belong to.</summary>
    [Id(4)] public Guid Request;

    /// <summary>Text to look for.</summary>
    [Id(5)] public string? Search;

    /// <summary>Addresses and masks, in turn.</summary>
    [Id(6)] public ulong[]? Addresses;

    /// <summary>Oldest second of the record's change.</summary>
    [Id(7)] public uint? ChangedSince;

    /// <summary>A user's view, as <see cref="Engine.Views.UserView.Text"/>.</summary>
    [Id(8)] public string? UserView;

    /// <summary>Identities of the only devices that are asked for; null for any.</summary>
    [Id(9)] public ulong[]? Devices;

    /// <summary>JSON of the conditions.</summary>
    [Id(10)] public string? Where;

    /// <summary>Identity of the request that they belong to.</summary>
    [Id(11)] public Guid WhereRequest;
}

/// <summary>The views that a filter can name.</summary>
public enum ViewKind : byte
{
    /// <summary>All devices.</summary>
    All,

    /// <summary>Devices of a phy.</summary>
    Phy,

    /// <summary>Wi-Fi access points.</summary>
    AccessPoints,

    /// <summary>Devices that a source heard.</summary>
    SeenBy,

    /// <summary>A user's.</summary>
    User,
}

/// <summary>Converts <see cref="DeviceFilter"/>.</summary>
[RegisterConverter]
public sealed class DeviceFilterConverter : IConverter<DeviceFilter, DeviceFilterMessage>
{
    /// <inheritdoc/>
    public DeviceFilter ConvertFromSurrogate(in DeviceFilterMessage m) => new()
    {
        View = m.View switch
        {
            ViewKind.All => DeviceView.All,
            ViewKind.Phy => new PhyView(Phy.All[m.Number]),
            ViewKind.AccessPoints => new AccessPointView(),
            ViewKind.SeenBy => new SeenByView((ushort)m.Number),
            ViewKind.User => UserView.Read(m.UserView!),
            _ => throw new InvalidDataException($"View {m.View} is unknown here."),
        },
        Since = m.Since,
        ChangedSince = m.ChangedSince,
        Regex = m.Regex is null ? null : Requests.Regex.Read(m.Request, m.Regex),
        Where = m.Where is null ? null : Requests.Where.Read(m.WhereRequest, m.Where),
        Search = m.Search,
        Addresses = m.Addresses is null ? null : [.. m.Addresses.Chunk(2).Select(static pair => new MaskedAddress(new(pair[0]), pair[1]))],
        Devices = m.Devices is null ? null : [.. m.Devices.Select(static value => new DeviceId(value))],
    };

    /// <inheritdoc/>
    public DeviceFilterMessage ConvertToSurrogate(in DeviceFilter value)
    {
        (ViewKind kind, int number) = value.View switch
        {
            PhyView phy => (ViewKind.Phy, phy.Phy.Id),
            AccessPointView => (ViewKind.AccessPoints, 0),
            SeenByView seen => (ViewKind.SeenBy, seen.SourceNumber),
            UserView => (ViewKind.User, 0),
            DeviceView all when ReferenceEquals(all, DeviceView.All) => (ViewKind.All, 0),
            _ => throw new NotSupportedException($"{value.View} has no message yet."),
        };
        return new()
        {
            View = kind,
            Number = number,
            UserView = (value.View as UserView)?.Text,
            Since = value.Since,
            ChangedSince = value.ChangedSince,
            Regex = value.Regex?.Source,
            Request = value.Regex is null ? default : Requests.Regex.Of(value.Regex),
            Where = value.Where?.Source,
            WhereRequest = value.Where is null ? default : Requests.Where.Of(value.Where),
            Search = value.Search,
            Addresses = value.Addresses?.SelectMany(static a => new[] { a.Address.Value, a.Mask }).ToArray(),
            Devices = value.Devices?.Select(static device => device.Value).ToArray(),
        };
    }
}

/// <summary><see cref="DeviceShape"/> on the wire.</summary>
[GenerateSerializer, Alias("KismetOrleans.DeviceShape")]
public struct DeviceShapeMessage
{
    /// <summary>Format.</summary>
    [Id(0)] public byte Format;

    /// <summary>Levels of indentation.</summary>
    [Id(1)] public int Depth;

    /// <summary>Paths and names of the fields, in turn; null for all fields.</summary>
    [Id(2)] public string?[]? Fields;

    /// <summary>Told apart.</summary>
    [Id(3)] public bool Apart;
}

/// <summary>Converts <see cref="DeviceShape"/>.</summary>
[RegisterConverter]
public sealed class DeviceShapeConverter : IConverter<DeviceShape, DeviceShapeMessage>
{
    /// <inheritdoc/>
    public DeviceShape ConvertFromSurrogate(in DeviceShapeMessage m) => new(
        (RecordFormat)m.Format,
        m.Fields is null ? null : new FieldSelection([.. m.Fields.Chunk(2).Select(static pair => new SelectedField(pair[0]!, pair[1]))]),
        m.Depth)
    {
        Apart = m.Apart,
    };

    /// <inheritdoc/>
    public DeviceShapeMessage ConvertToSurrogate(in DeviceShape value) => new()
    {
        Format = (byte)value.Format,
        Depth = value.Depth,
        Apart = value.Apart,
        Fields = value.Fields?.Fields.SelectMany(static field => new[] { field.Path, field.Rename }).ToArray(),
    };
}

/// <summary><see cref="DeviceOrder"/> on the wire.</summary>
[GenerateSerializer, Alias("KismetOrleans.DeviceOrder")]
public struct DeviceOrderMessage
{
    /// <summary>Field.</summary>
    [Id(0)] public string Path;

    /// <summary>Greatest first.</summary>
    [Id(1)] public bool Descending;
}

/// <summary>Converts <see cref="DeviceOrder"/>.</summary>
[RegisterConverter]
public sealed class DeviceOrderConverter : IConverter<DeviceOrder, DeviceOrderMessage>
{
    /// <inheritdoc/>
    public DeviceOrder ConvertFromSurrogate(in DeviceOrderMessage m) => new(m.Path, m.Descending);

    /// <inheritdoc/>
    public DeviceOrderMessage ConvertToSurrogate(in DeviceOrder value) => new() { Path = value.Path, Descending = value.Descending };
}
