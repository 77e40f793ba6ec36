using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>Decides whether a record has a text that is looked for. Immutable and thread-safe.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
public sealed class RecordMatcher<T>
{
    private readonly Test[] _tests;

    private RecordMatcher(Test[] tests) => _tests = tests;

    /// <summary>Whether any of the patterns, or the term, is found.</summary>
    /// <param name="context">Clock and sources of this answer.</param>
    /// <exception cref="CommandException">A pattern keeps taking too long.</exception>
    public bool Matches(T record, RecordContext context)
    {
        foreach (Test test in _tests)
        {
            if (test.Path.Test(record, test.Probe, context))
            {
                return true;
            }
        }
        return false;
    }

    internal static RecordMatcher<T> ForPatterns(RecordTable<T> table, RegexSpec spec)
    {
        List<Test> tests = [];
        foreach (RegexPattern pattern in spec.Patterns)
        {
            if (table.FindPath(pattern.Multifield, expand: true) is { } path)
            {
                tests.Add(new(path, pattern));
            }
        }
        return new([.. tests]);
    }

    internal static RecordMatcher<T> ForTerm(RecordTable<T> table, FieldSelection? selection, string term)
    {
        SearchTerm probe = new(term);
        List<Test> tests = [];
        if (selection is null)
        {
            foreach (RecordField<T> field in table.Fields)
            {
                tests.Add(new(field, probe));
            }
        }
        else
        {
            foreach (SelectedField field in selection.Fields)
            {
                if (table.FindPath(field.Path, expand: true) is { } path)
                {
                    tests.Add(new(path, probe));
                }
            }
        }
        return new([.. tests]);
    }

    private readonly record struct Test(RecordPath<T> Path, ValueProbe Probe);
}

/// <summary>A text that may stand anywhere in another, in either case.</summary>
internal sealed class SearchTerm(string term) : ValueProbe
{
    // Bytes that are printed on the stack to search them; kept frames may be longer.
    private const int StackBytes = 256;

    public override bool Accepts(ReadOnlySpan<char> text) => text.Contains(term, StringComparison.OrdinalIgnoreCase);

    public override bool AcceptsBytes(ReadOnlySpan<byte> bytes)
    {
        Span<char> digits = bytes.Length <= StackBytes ? stackalloc char[bytes.Length * 2] : new char[bytes.Length * 2];
        Convert.TryToHexString(bytes, digits, out _);
        return Accepts(digits);
    }
}
