using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Fields;

/// <summary>Maps by address.</summary>
/// <typeparam name="C">Type of the values.</typeparam>
internal sealed class MacMapKind<C>(ValueKind<C> element) : ValueKind<SmallMap<C>>
{
    internal override ValueShape Shape => ValueShape.MapOf(element.Shape);

    internal override void Write(SmallMap<C> value, JsonOut json, Style style)
    {
        int start = json.Open((byte)'{', style);
        for (int i = 0; i < value.Count; i++)
        {
            json.Item((byte)'{', style);
            json.Mac(value.Key(i));
            json.Colon();
            element.Write(value.Value(i), json, style.Deeper);
        }
        json.Close(start, (byte)'{', (byte)'}', style);
    }

    internal override bool Test(SmallMap<C> value, ValueProbe probe, RecordContext context)
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

        internal override bool Test(SmallMap<C> record, ValueProbe probe, RecordContext context) =>
            record.TryGet(key, out C? value) && inner.Test(value, probe, context);
    }

    private sealed class Each(RecordPath<C> inner) : ExpandedPath<SmallMap<C>>
    {
        internal override bool Test(SmallMap<C> record, ValueProbe probe, RecordContext context)
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
