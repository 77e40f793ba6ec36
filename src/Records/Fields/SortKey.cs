using KismetOrleans.Wire;

namespace KismetOrleans.Records.Fields;

/// <summary>A value's place in an order: a number, or a text. What is absent is the number 0, before any text.</summary>
/// <param name="Number">Number; addresses by value.</param>
/// <param name="Text">Text, compared naturally; null for numbers.</param>
public readonly record struct SortKey(double Number, string? Text = null)
{
    // Stands in for the text of an address, whose number orders it: half of all names are addresses, and none is made a string for this.
    private static readonly string s_address = new('\0', 1);

    /// <summary>The place of an address among texts: by value, before all other texts.</summary>
    public static SortKey OfAddress(MacAddress address) => new(address.Value, s_address);

    /// <summary>Whether it is the place of an address (<see cref="OfAddress"/>).</summary>
    public bool IsAddress => ReferenceEquals(Text, s_address);

    /// <summary>A total preorder: numbers by value, then addresses by value, then texts by <see cref="CompareNatural"/>.</summary>
    public static int Compare(in SortKey a, in SortKey b)
    {
        if (a.Text is null || b.Text is null)
        {
            return a.Text is not null ? 1 : b.Text is not null ? -1 : a.Number.CompareTo(b.Number);
        }
        bool addressA = ReferenceEquals(a.Text, s_address);
        bool addressB = ReferenceEquals(b.Text, s_address);
        if (addressA || addressB)
        {
            return addressA && addressB ? a.Number.CompareTo(b.Number) : addressA ? -1 : 1;
        }
        return ReferenceEquals(a.Text, b.Text) ? 0 : CompareNatural(a.Text, b.Text);
    }

    /// <summary>
    /// Compares texts by code unit, except that runs of digits compare as numbers (<c>A2</c> before <c>A10</c>, <c>01</c> equal to
    /// <c>1</c>) and come before anything else.
    /// </summary>
    internal static int CompareNatural(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        while (!a.IsEmpty && !b.IsEmpty)
        {
            bool digitA = char.IsAsciiDigit(a[0]);
            bool digitB = char.IsAsciiDigit(b[0]);
            if (digitA != digitB)
            {
                return digitA ? -1 : 1;
            }
            if (!digitA)
            {
                if (a[0] != b[0])
                {
                    return a[0] < b[0] ? -1 : 1;
                }
                a = a[1..];
                b = b[1..];
                continue;
            }
            int order = CompareNumbers(TakeDigits(ref a), TakeDigits(ref b));
            if (order != 0)
            {
                return order;
            }
        }
        return a.IsEmpty ? b.IsEmpty ? 0 : -1 : 1;
    }

    // Of any length: the longer one without its leading zeros is the greater.
    private static int CompareNumbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? (a.Length < b.Length ? -1 : 1) : Math.Sign(a.SequenceCompareTo(b));
    }

    private static ReadOnlySpan<char> TakeDigits(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> digits = end < 0 ? text : text[..end];
        text = text[digits.Length..];
        return digits;
    }
}
