using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <typeparam name="C">Type of the values.</typeparam>
internal sealed class TextMapKind<C>(ValueKind<C> element) : ValueKind<IEnumerable<KeyValuePair<string, C>>>
{
    internal override ValueShape Shape => ValueShape.MapOf(element.Shape);

    internal override void Write(IEnumerable<KeyValuePair<string, C>> value, JsonOut json, Style style)
    {
        int start = json.Open((byte)'{', style);
        foreach ((string key, C item) in value)
        {
            json.Item((byte)'{', style);
            json.String(key);
            json.Colon();
            element.Write(item, json, style.Deeper);
        }
        json.Close(start, (byte)'{', (byte)'}', style);
    }

    internal override bool Test(IEnumerable<KeyValuePair<string, C>> value, ValueProbe probe, RecordContext context)
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

        internal override bool Test(IEnumerable<KeyValuePair<string, C>> record, ValueProbe probe, RecordContext context) =>
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
        internal override bool Test(IEnumerable<KeyValuePair<string, C>> record, ValueProbe probe, RecordContext context)
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
