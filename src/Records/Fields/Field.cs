using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Fields;

/// <summary>
/// Declares the fields of a record type: one call a line, named after the type that the indented format prints. Every field takes its
/// dotted name, a description, a getter, and optionally when it is present; a getter that gives null makes the field absent, too.
/// </summary>
/// <typeparam name="T">Type of the record.</typeparam>
internal static class Field<T>
{
    /// <summary>8 bits without sign.</summary>
    public static RecordField<T> UInt8(string name, string description, Func<T, ulong> get, Func<T, bool>? when = null) =>
        Make(name, "uint8_t", description, get, UnsignedKind.Instance, when);

    /// <summary>16 bits without sign.</summary>
    public static RecordField<T> UInt16(string name, string description, Func<T, ulong> get, Func<T, bool>? when = null) =>
        Make(name, "uint16_t", description, get, UnsignedKind.Instance, when);

    /// <summary>32 bits without sign.</summary>
    public static RecordField<T> UInt32(string name, string description, Func<T, ulong> get, Func<T, bool>? when = null) =>
        Make(name, "uint32_t", description, get, UnsignedKind.Instance, when);

    /// <summary>64 bits without sign.</summary>
    public static RecordField<T> UInt64(string name, string description, Func<T, ulong> get, Func<T, bool>? when = null) =>
        Make(name, "uint64_t", description, get, UnsignedKind.Instance, when);

    /// <summary>16 bits with sign.</summary>
    public static RecordField<T> Int16(string name, string description, Func<T, long> get, Func<T, bool>? when = null) =>
        Make(name, "int16_t", description, get, SignedKind.Instance, when);

    /// <summary>32 bits with sign.</summary>
    public static RecordField<T> Int32(string name, string description, Func<T, long> get, Func<T, bool>? when = null) =>
        Make(name, "int32_t", description, get, SignedKind.Instance, when);

    /// <summary>64 bits with sign.</summary>
    public static RecordField<T> Int64(string name, string description, Func<T, long> get, Func<T, bool>? when = null) =>
        Make(name, "int64_t", description, get, SignedKind.Instance, when);

    /// <summary>A flag, printed as 0 or 1.</summary>
    public static RecordField<T> Flag(string name, string description, Func<T, bool> get, Func<T, bool>? when = null) =>
        Make(name, "uint8_t", description, get, FlagKind.Instance, when);

    /// <summary>A single-precision number.</summary>
    public static RecordField<T> Float(string name, string description, Func<T, double> get, Func<T, bool>? when = null) =>
        Make(name, "float", description, get, DoubleKind.Instance, when);

    /// <summary>A double-precision number that is always whole, as a frequency in kHz.</summary>
    public static RecordField<T> Whole(string name, string description, Func<T, double> get, Func<T, bool>? when = null) =>
        Make(name, "double", description, get, WholeKind.Instance, when);

    public static RecordField<T> Double(string name, string description, Func<T, double> get, Func<T, bool>? when = null) =>
        Make(name, "double", description, get, DoubleKind.Instance, when);

    /// <param name="type">Type to print: clients see <c>string-pointer</c> for the ones that Kismet shares between records.</param>
    public static RecordField<T> Text(string name, string description, Func<T, string?> get, string type = "string") =>
        Make(name, type, description, get, TextKind.Instance, null);

    public static RecordField<T> Mac(string name, string description, Func<T, MacAddress> get, Func<T, bool>? when = null) =>
        Make(name, "mac_addr", description, get, MacKind.Instance, when);

    public static RecordField<T> Key(string name, string description, Func<T, DeviceId> get, Func<T, bool>? when = null) =>
        Make(name, "devicekey", description, get, KeyKind.Instance, when);

    public static RecordField<T> Uuid(string name, string description, Func<T, Guid> get, Func<T, bool>? when = null) =>
        Make(name, "uuid", description, get, UuidKind.Instance, when);

    /// <summary>The server's own UUID.</summary>
    public static RecordField<T> ServerUuid(string name, string description) =>
        Make(name, "uuid", description, static record => record, new ServerUuidKind<T>(), null);

    /// <summary>Bytes, printed in hexadecimal.</summary>
    public static RecordField<T> Bytes(string name, string description, Func<T, byte[]?> get) =>
        Make(name, "bytearray", description, get, BytesKind.Instance, null);

    /// <summary>A position, printed as <c>[longitude,latitude]</c>.</summary>
    public static RecordField<T> Geo(string name, string description, Func<T, GeoPoint?> get) =>
        Make(name, "pair[double, double]", description, get, GeoKind.Instance, null);

    public static RecordField<T> Record<C>(
        string name, string description, Func<T, C?> get, RecordTable<C> table, Func<T, bool>? when = null, string type = "map[field, x]")
        where C : class =>
        Make(name, type, description, get, table, when);

    /// <summary>A nested record that is worked out when somebody asks for it, and that no whole record has.</summary>
    public static RecordField<T> Answer<C>(string name, string description, Func<T, RecordContext, C?> get, RecordTable<C> table)
        where C : class =>
        new AnswerField<T, C>(new(name, "map[field, x]", description, table.Shape), get, table).OnRequest();

    public static RecordField<T> List<C>(
        string name, string description, Func<T, IReadOnlyList<C>?> get, ValueKind<C> element, string type = "vector[x]", Func<T, bool>? when = null) =>
        Make(name, type, description, get, new ListKind<IReadOnlyList<C>, C>(element), when);

    public static RecordField<T> Texts(
        string name, string description, Func<T, IReadOnlyList<string>?> get, string type = "vector[string]") =>
        Make(name, type, description, get, new ListKind<IReadOnlyList<string>, string>(TextKind.Instance), null);

    public static RecordField<T> SmallNumbers(string name, string description, Func<T, byte[]?> get) =>
        Make(name, "vector[double]", description, get, SmallNumbersKind.Instance, null);

    public static RecordField<T> MapByMac<C>(string name, string description, Func<T, SmallMap<C>?> get, ValueKind<C> element) =>
        Make(name, "map[macaddr, x]", description, get, new MacMapKind<C>(element), null);

    public static RecordField<T> MapByText<C>(
        string name, string description, Func<T, IEnumerable<KeyValuePair<string, C>>?> get, ValueKind<C> element,
        string type = "map[string, x]") =>
        Make(name, type, description, get, new TextMapKind<C>(element), null);

    public static RecordField<T> Frequencies(
        string name, string description, Func<T, FrequencyCounts> get, Func<T, bool>? when = null) =>
        Make(name, "map[double,double]", description, get, FrequencyKind.Instance, when);

    internal static RecordField<T> Make<V>(
        string name, string type, string description, Func<T, V?> get, ValueKind<V> kind, Func<T, bool>? when) =>
        new RecordField<T, V>(new(name, type, description, kind.Shape), get, kind, when);
}

/// <summary>Kinds of elements, for the lists and maps of <see cref="Field{T}"/>.</summary>
internal static class Kinds
{
    public static ValueKind<string> Text => TextKind.Instance;
    public static ValueKind<double> Double => DoubleKind.Instance;

    /// <summary>Numbers that are always whole.</summary>
    public static ValueKind<double> Whole => WholeKind.Instance;

    public static ValueKind<ulong> Unsigned => UnsignedKind.Instance;

    public static ValueKind<DeviceId> Key => KeyKind.Instance;

    public static ValueKind<byte[]> Bytes => BytesKind.Instance;

    public static ValueKind<List<C>> ListOf<C>(ValueKind<C> element) => new ListKind<List<C>, C>(element);
}
