using System.Globalization;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Fields;

/// <summary>Lists, printed as arrays. A field path does not lead into them; a multifield path means every element.</summary>
/// <typeparam name="L">Type of the list.</typeparam>
/// <typeparam name="C">Type of the elements.</typeparam>
internal sealed class ListKind<L, C>(ValueKind<C> element) : ValueKind<L>
    where L : IReadOnlyList<C>
{
    internal override void Write(L value, JsonOut json, Style style)
    {
        int start = json.Open((byte)'[', style);
        // Most lists are arrays of one element: an array's elements cost no interface call.
        if ((object)value is C[] array)
        {
            foreach (C item in array)
            {
                json.Item((byte)'[', style);
                element.Write(item, json, style.Deeper);
            }
        }
        else
        {
            for (int i = 0; i < value.Count; i++)
            {
                json.Item((byte)'[', style);
                element.Write(value[i], json, style.Deeper);
            }
        }
        json.Close(start, (byte)'[', (byte)']', style);
    }

    internal override bool Test(L value, TextProbe probe, RecordContext context)
    {
        for (int i = 0; i < value.Count; i++)
        {
            if (element.Test(value[i], probe, context))
            {
                return true;
            }
        }
        return false;
    }

    internal override RecordPath<L>? Compile(ReadOnlySpan<string> path, bool expand) =>
        expand && element.Compile(path, expand) is { } inner ? new Each(inner) : null;

    private sealed class Each(RecordPath<C> inner) : ExpandedPath<L>
    {
        internal override bool Test(L record, TextProbe probe, RecordContext context)
        {
            for (int i = 0; i < record.Count; i++)
            {
                if (inner.Test(record[i], probe, context))
                {
                    return true;
                }
            }
            return false;
        }
    }
}

/// <summary>Small numbers held as octets, printed as an array of numbers.</summary>
internal sealed class SmallNumbersKind : ValueKind<byte[]>
{
    public static readonly SmallNumbersKind Instance = new();

    internal override void Write(byte[] value, JsonOut json, Style style)
    {
        int start = json.Open((byte)'[', style);
        foreach (byte number in value)
        {
            json.Item((byte)'[', style);
            json.Number((ulong)number);
        }
        json.Close(start, (byte)'[', (byte)']', style);
    }
}

/// <summary>Maps by address.</summary>
/// <typeparam name="C">Type of the values.</typeparam>
internal sealed class MacMapKind<C>(ValueKind<C> element) : ValueKind<SmallMap<C>>
{
    internal override void Write(SmallMap<C> value, JsonOut json, Style style)
    {
        int start = json.Open((byte)'{', style);
        for (int i = 0; i < value.Count; i++)
        {
            json.Item((byte)'{', style);
            json.Mac(value.Key(i));
            json.Colon(style);
            element.Write(value.Value(i), json, style.Deeper);
        }
        json.Close(start, (byte)'{', (byte)'}', style);
    }

    internal override bool Test(SmallMap<C> value, TextProbe probe, RecordContext context)
    {
        for (int i = 0; i < value.Count; i++)
        {
            if (element.Test(value.Value(i), probe, context))
            {
                return true;
            }
        }
        return false;
    }

    internal override RecordPath<SmallMap<C>>? Compile(ReadOnlySpan<string> path, bool expand)
    {
        if (MacAddress.TryParse(path[0], out MacAddress key))
        {
            return ElementPath<C>.Compile(element, path[1..], expand) is { } inner ? new One(key, inner) : null;
        }
        return expand && element.Compile(path, expand) is { } each ? new Each(each) : null;
    }

    private sealed class One(MacAddress key, RecordPath<C> inner) : RecordPath<SmallMap<C>>
    {
        internal override bool IsNumeric => inner.IsNumeric;

        internal override FieldInfo? Info => inner.Info;

        internal override bool TryWrite(SmallMap<C> record, JsonOut json, Label? label, Style style) =>
            record.TryGet(key, out C? value) && inner.TryWrite(value, json, label, style);

        internal override SortKey Key(SmallMap<C> record, RecordContext context) =>
            record.TryGet(key, out C? value) ? inner.Key(value, context) : default;

        internal override bool Test(SmallMap<C> record, TextProbe probe, RecordContext context) =>
            record.TryGet(key, out C? value) && inner.Test(value, probe, context);
    }

    private sealed class Each(RecordPath<C> inner) : ExpandedPath<SmallMap<C>>
    {
        internal override bool Test(SmallMap<C> record, TextProbe probe, RecordContext context)
        {
            for (int i = 0; i < record.Count; i++)
            {
                if (inner.Test(record.Value(i), probe, context))
                {
                    return true;
                }
            }
            return false;
        }
    }
}

/// <summary>Maps by text.</summary>
/// <typeparam name="C">Type of the values.</typeparam>
internal sealed class TextMapKind<C>(ValueKind<C> element) : ValueKind<IEnumerable<KeyValuePair<string, C>>>
{
    internal override void Write(IEnumerable<KeyValuePair<string, C>> value, JsonOut json, Style style)
    {
        int start = json.Open((byte)'{', style);
        foreach ((string key, C item) in value)
        {
            json.Item((byte)'{', style);
            json.String(key);
            json.Colon(style);
            element.Write(item, json, style.Deeper);
        }
        json.Close(start, (byte)'{', (byte)'}', style);
    }

    internal override bool Test(IEnumerable<KeyValuePair<string, C>> value, TextProbe probe, RecordContext context)
    {
        foreach ((_, C item) in value)
        {
            if (element.Test(item, probe, context))
            {
                return true;
            }
        }
        return false;
    }

    internal override RecordPath<IEnumerable<KeyValuePair<string, C>>>? Compile(ReadOnlySpan<string> path, bool expand)
    {
        if (expand && element.Compile(path, expand) is { } each)
        {
            return new Each(each);
        }
        return ElementPath<C>.Compile(element, path[1..], expand) is { } inner ? new One(path[0], inner) : null;
    }

    private sealed class One(string key, RecordPath<C> inner) : RecordPath<IEnumerable<KeyValuePair<string, C>>>
    {
        internal override bool IsNumeric => inner.IsNumeric;

        internal override FieldInfo? Info => inner.Info;

        internal override bool TryWrite(IEnumerable<KeyValuePair<string, C>> record, JsonOut json, Label? label, Style style) =>
            TryGet(record, out C value) && inner.TryWrite(value, json, label, style);

        internal override SortKey Key(IEnumerable<KeyValuePair<string, C>> record, RecordContext context) =>
            TryGet(record, out C value) ? inner.Key(value, context) : default;

        internal override bool Test(IEnumerable<KeyValuePair<string, C>> record, TextProbe probe, RecordContext context) =>
            TryGet(record, out C value) && inner.Test(value, probe, context);

        private bool TryGet(IEnumerable<KeyValuePair<string, C>> record, out C value)
        {
            foreach ((string name, C item) in record)
            {
                if (name == key)
                {
                    value = item;
                    return true;
                }
            }
            value = default!;
            return false;
        }
    }

    private sealed class Each(RecordPath<C> inner) : ExpandedPath<IEnumerable<KeyValuePair<string, C>>>
    {
        internal override bool Test(IEnumerable<KeyValuePair<string, C>> record, TextProbe probe, RecordContext context)
        {
            foreach ((_, C item) in record)
            {
                if (inner.Test(item, probe, context))
                {
                    return true;
                }
            }
            return false;
        }
    }
}

/// <summary>Packets by frequency: keys are quoted numbers of kHz.</summary>
internal sealed class FrequencyKind : ValueKind<FrequencyCounts>
{
    public static readonly FrequencyKind Instance = new();

    internal override void Write(FrequencyCounts value, JsonOut json, Style style)
    {
        int start = json.Open((byte)'{', style);
        for (int i = 0; i < value.Count; i++)
        {
            FrequencyCounts.Entry entry = value[i];
            json.Item((byte)'{', style);
            json.Raw((byte)'"');
            json.Number((ulong)entry.Khz);
            json.Raw((byte)'"');
            json.Colon(style);
            json.Number((ulong)entry.Packets);
        }
        json.Close(start, (byte)'{', (byte)'}', style);
    }

    internal override RecordPath<FrequencyCounts>? Compile(ReadOnlySpan<string> path, bool expand) =>
        path.Length == 1 && uint.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint khz) ? new One(khz) : null;

    private sealed class One(uint khz) : RecordPath<FrequencyCounts>
    {
        internal override bool IsNumeric => true;

        internal override bool TryWrite(FrequencyCounts record, JsonOut json, Label? label, Style style)
        {
            uint packets = Packets(record);
            if (packets == 0)
            {
                return false;
            }
            if (label is not null)
            {
                json.Member(label, style);
            }
            json.Number((ulong)packets);
            return true;
        }

        internal override SortKey Key(FrequencyCounts record, RecordContext context) => new(Packets(record));

        internal override bool Test(FrequencyCounts record, TextProbe probe, RecordContext context) => false;

        private uint Packets(FrequencyCounts record)
        {
            for (int i = 0; i < record.Count; i++)
            {
                if (record[i].Khz == khz)
                {
                    return record[i].Packets;
                }
            }
            return 0;
        }
    }
}

/// <summary>A map that is always empty.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
internal sealed class EmptyMapKind<T> : ValueKind<T>
{
    internal override void Write(T value, JsonOut json, Style style) => json.Raw("{}"u8);
}

/// <summary>A path that means several values: it can be tested, but neither printed nor ordered.</summary>
/// <typeparam name="T">Type of the container.</typeparam>
internal abstract class ExpandedPath<T> : RecordPath<T>
{
    internal override bool IsNumeric => false;

    internal override bool TryWrite(T record, JsonOut json, Label? label, Style style) => false;

    internal override SortKey Key(T record, RecordContext context) => default;
}

/// <summary>A container's element itself, where a path ends at it.</summary>
/// <typeparam name="C">Type of the element.</typeparam>
internal sealed class ElementPath<C>(ValueKind<C> kind) : RecordPath<C>
{
    internal override bool IsNumeric => kind.IsNumeric;

    /// <summary>The rest of a path after an element's key.</summary>
    public static RecordPath<C>? Compile(ValueKind<C> kind, ReadOnlySpan<string> rest, bool expand) =>
        rest.IsEmpty ? new ElementPath<C>(kind) : kind.Compile(rest, expand);

    internal override bool TryWrite(C record, JsonOut json, Label? label, Style style)
    {
        if (label is not null)
        {
            json.Member(label, style);
            style = style.Deeper;
        }
        kind.Write(record, json, style);
        return true;
    }

    internal override SortKey Key(C record, RecordContext context) => kind.Key(record, context);

    internal override bool Test(C record, TextProbe probe, RecordContext context) => kind.Test(record, probe, context);
}
