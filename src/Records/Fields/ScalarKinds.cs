using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Fields;

internal sealed class UnsignedKind : ValueKind<ulong>
{
    public static readonly UnsignedKind Instance = new();

    internal override ValueShape Shape => ValueShape.Integer;

    internal override bool IsNumeric => true;

    internal override void Write(ulong value, JsonOut json, Style style) => json.Number(value);

    internal override SortKey Key(ulong value, RecordContext context) => new(value);

    internal override bool Test(ulong value, ValueProbe probe, RecordContext context) => probe.AcceptsNumber(value);
}

/// <summary>Flags, printed as 0 and 1.</summary>
internal sealed class FlagKind : ValueKind<bool>
{
    public static readonly FlagKind Instance = new();

    internal override ValueShape Shape => ValueShape.Flag;

    internal override bool IsNumeric => true;

    internal override void Write(bool value, JsonOut json, Style style) => json.Raw((byte)(value ? '1' : '0'));

    internal override SortKey Key(bool value, RecordContext context) => new(value ? 1 : 0);

    internal override bool Test(bool value, ValueProbe probe, RecordContext context) => probe.AcceptsNumber(value ? 1 : 0);
}

internal sealed class SignedKind : ValueKind<long>
{
    public static readonly SignedKind Instance = new();

    internal override ValueShape Shape => ValueShape.Integer;

    internal override bool IsNumeric => true;

    internal override void Write(long value, JsonOut json, Style style) => json.Number(value);

    internal override SortKey Key(long value, RecordContext context) => new(value);

    internal override bool Test(long value, ValueProbe probe, RecordContext context) => probe.AcceptsNumber(value);
}

/// <summary>Numbers that can have a fraction: always printed with a point.</summary>
internal sealed class DoubleKind : ValueKind<double>
{
    public static readonly DoubleKind Instance = new();

    internal override ValueShape Shape => ValueShape.Number;

    internal override bool IsNumeric => true;

    internal override void Write(double value, JsonOut json, Style style) => json.Number(value);

    internal override SortKey Key(double value, RecordContext context) => new(value);

    internal override bool Test(double value, ValueProbe probe, RecordContext context) => probe.AcceptsNumber(value);
}

/// <summary>Numbers that Kismet keeps as floating point and that are always whole: printed as integers.</summary>
internal sealed class WholeKind : ValueKind<double>
{
    public static readonly WholeKind Instance = new();

    internal override ValueShape Shape => ValueShape.Integer;

    internal override bool IsNumeric => true;

    internal override void Write(double value, JsonOut json, Style style) => json.Number((long)value);

    internal override SortKey Key(double value, RecordContext context) => new(value);

    internal override bool Test(double value, ValueProbe probe, RecordContext context) => probe.AcceptsNumber(value);
}

internal sealed class TextKind : ValueKind<string>
{
    public static readonly TextKind Instance = new();

    internal override ValueShape Shape => ValueShape.Text;

    internal override void Write(string value, JsonOut json, Style style) => json.String(value);

    internal override SortKey Key(string value, RecordContext context) => new(0, value);

    internal override bool Test(string value, ValueProbe probe, RecordContext context) => probe.Accepts(value);
}

/// <summary>Addresses: searched in their printed form, ordered by value.</summary>
internal sealed class MacKind : ValueKind<MacAddress>
{
    public static readonly MacKind Instance = new();

    internal override ValueShape Shape => ValueShape.Mac;

    internal override bool IsNumeric => true;

    /// <summary>Whether the probe accepts the printed form.</summary>
    public static bool Test(MacAddress value, ValueProbe probe)
    {
        Span<byte> bytes = stackalloc byte[JsonHex.MaxMacLength];
        JsonHex.WriteMac(value, bytes);
        return ProbeText.Accepts(bytes[..JsonHex.MacLength(value)], probe);
    }

    internal override void Write(MacAddress value, JsonOut json, Style style) => json.Mac(value);

    internal override SortKey Key(MacAddress value, RecordContext context) => new(value.Value);

    internal override bool Test(MacAddress value, ValueProbe probe, RecordContext context) => Test(value, probe);
}

/// <summary>Keys of devices: searched in their printed form, ordered by phy and address.</summary>
internal sealed class KeyKind : ValueKind<DeviceId>
{
    public static readonly KeyKind Instance = new();

    internal override ValueShape Shape => ValueShape.Text;

    internal override bool IsNumeric => true;

    internal override void Write(DeviceId value, JsonOut json, Style style) => json.Key(value);

    // 52 bits: exact as a double.
    internal override SortKey Key(DeviceId value, RecordContext context) => new(value.Value);

    internal override bool Test(DeviceId value, ValueProbe probe, RecordContext context)
    {
        Span<byte> bytes = stackalloc byte[DeviceKey.MaxLength];
        string prefix = value.Phy.KeyPrefix;
        System.Text.Ascii.FromUtf16(prefix, bytes, out int length);
        bytes[length++] = (byte)'_';
        length += JsonHex.WriteNumber(DeviceKey.AddressPart(value.Address), bytes[length..]);
        return ProbeText.Accepts(bytes[..length], probe);
    }
}

/// <summary>UUIDs: searched in their printed form.</summary>
internal sealed class UuidKind : ValueKind<Guid>
{
    public static readonly UuidKind Instance = new();

    internal override ValueShape Shape => ValueShape.Uuid;

    public static bool Test(Guid value, ValueProbe probe)
    {
        Span<byte> bytes = stackalloc byte[36];
        value.TryFormat(bytes, out _);
        System.Text.Ascii.ToUpperInPlace(bytes, out _);
        return ProbeText.Accepts(bytes, probe);
    }

    internal override void Write(Guid value, JsonOut json, Style style) => json.Uuid(value);

    internal override SortKey Key(Guid value, RecordContext context) => new(0, value.ToString().ToUpperInvariant());

    internal override bool Test(Guid value, ValueProbe probe, RecordContext context) => Test(value, probe);
}

/// <summary>Bytes, printed in hexadecimal.</summary>
internal sealed class BytesKind : ValueKind<byte[]>
{
    public static readonly BytesKind Instance = new();

    internal override ValueShape Shape => ValueShape.Text;

    internal override void Write(byte[] value, JsonOut json, Style style) => json.Hex(value);

    internal override bool Test(byte[] value, ValueProbe probe, RecordContext context) => probe.AcceptsBytes(value);
}

internal sealed class GeoKind : ValueKind<GeoPoint>
{
    public static readonly GeoKind Instance = new();

    internal override ValueShape Shape => ValueShape.Numbers;

    internal override void Write(GeoPoint value, JsonOut json, Style style) => json.Geo(value.Longitude, value.Latitude);
}

/// <summary>The server's UUID, whatever the record.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
internal sealed class ServerUuidKind<T> : ValueKind<T>
{
    internal override ValueShape Shape => ValueShape.Uuid;

    internal override void Write(T value, JsonOut json, Style style) => json.Uuid(json.Context.ServerUuid);

    internal override bool Test(T value, ValueProbe probe, RecordContext context) => UuidKind.Test(context.ServerUuid, probe);
}

/// <summary>Printed forms as probes want them.</summary>
internal static class ProbeText
{
    // The longest printed form, a UUID's, has 36 characters.
    private const int MaxLength = 64;

    public static bool Accepts(ReadOnlySpan<byte> ascii, ValueProbe probe)
    {
        Span<char> text = stackalloc char[MaxLength];
        System.Text.Ascii.ToUtf16(ascii, text, out int length);
        return probe.Accepts(text[..length]);
    }
}
