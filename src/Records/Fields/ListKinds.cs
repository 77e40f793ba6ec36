using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>Lists, printed as arrays. A field path does not lead into them; a multifield path means every element.</summary>
/// <typeparam name="L">Type of the list.</typeparam>
/// <typeparam name="C">Type of the elements.</typeparam>
internal sealed class ListKind<L, C>(ValueKind<C> element) : ValueKind<L>
    where L : IReadOnlyList<C>
{
    internal override ValueShape Shape => ValueShape.ListOf(element.Shape);

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

    internal override bool Test(L value, ValueProbe probe, RecordContext context)
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
        internal override bool Test(L record, ValueProbe probe, RecordContext context)
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

/// <summary>Small numbers held as bytes, printed as an array of numbers.</summary>
internal sealed class SmallNumbersKind : ValueKind<byte[]>
{
    public static readonly SmallNumbersKind Instance = new();

    internal override ValueShape Shape => ValueShape.Integers;

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

    internal override bool Test(byte[] value, ValueProbe probe, RecordContext context)
    {
        foreach (byte number in value)
        {
            if (probe.AcceptsNumber(number))
            {
                return true;
            }
        }
        return false;
    }
}
