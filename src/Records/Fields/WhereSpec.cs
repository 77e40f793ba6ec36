using System.Text.Json;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>Conditions that a request filters by, all of which must hold. Thread-safe.</summary>
public sealed class WhereSpec
{
    internal const int MaxConditions = 64;

    /// <summary>Characters of a text that is compared.</summary>
    internal const int MaxTextLength = 1024;

    private WhereSpec(IReadOnlyList<WhereCondition> conditions, string source)
    {
        Conditions = conditions;
        Source = source;
    }

    /// <summary>The JSON that it was read from, which another process can read again.</summary>
    public string Source { get; }

    /// <summary>Paths of the fields that they look at.</summary>
    public IEnumerable<string> Paths => Conditions.Select(static condition => condition.Path);

    /// <summary>The conditions, those that cost least first.</summary>
    internal IReadOnlyList<WhereCondition> Conditions { get; }

    /// <summary>Reads <c>[[path, op, value], …]</c>.</summary>
    /// <param name="where">The value of a command's <c>where</c>.</param>
    /// <param name="table">The records that it is about.</param>
    /// <param name="place">What errors call it.</param>
    /// <returns>Null when there are none (absent, null or empty).</returns>
    /// <exception cref="CommandException">It is anything else, a path leads nowhere, a value is of no use, or a bound is exceeded.</exception>
    public static WhereSpec? Parse<T>(JsonElement where, RecordTable<T> table, string place = "where")
    {
        if (where.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }
        if (where.ValueKind != JsonValueKind.Array)
        {
            throw new CommandException($"{place}: expected an array");
        }
        if (where.GetArrayLength() > MaxConditions)
        {
            throw new CommandException($"{place}: more than {MaxConditions} conditions");
        }
        List<WhereCondition> conditions = [];
        RegexBudget budget = new();
        foreach (JsonElement one in where.EnumerateArray())
        {
            string here = $"{place}[{conditions.Count}]";
            WhereCondition condition = WhereCondition.Parse(one, here, budget);
            if (table.FindPath(condition.Path, expand: true) is null)
            {
                throw new CommandException($"{here}: there is no field '{condition.Path}'");
            }
            conditions.Add(condition);
        }
        // The order is stable: of those that cost the same, the client may have put first what few have.
        return conditions.Count == 0 ? null : new([.. conditions.OrderBy(static condition => condition.Probe is RegexPattern)], where.GetRawText());
    }

    /// <summary>These conditions and others.</summary>
    public WhereSpec And(WhereSpec? other) => other is null ? this
        : new([.. Conditions.Concat(other.Conditions).OrderBy(static condition => condition.Probe is RegexPattern)], $"{Source.TrimEnd()[..^1]},{other.Source.TrimStart()[1..]}");

    /// <summary>The same conditions with all of the time for their patterns before them: for those that are kept, and tested again and again.</summary>
    public WhereSpec Renew()
    {
        RegexBudget budget = new();
        return new([.. Conditions.Select(condition => condition.Probe is RegexPattern pattern ? condition with { Probe = pattern.With(budget) } : condition)], Source);
    }
}

/// <summary>Tests records for conditions. Immutable and thread-safe.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
public sealed class RecordConditions<T>
{
    private readonly Test[] _tests;

    internal RecordConditions(RecordTable<T> table, WhereSpec spec) =>
        _tests = [.. spec.Conditions.Select(condition => new Test(table.FindPath(condition.Path, expand: true), condition.Probe, condition.Wanted))];

    /// <summary>Whether all conditions hold.</summary>
    /// <param name="context">Clock and sources of this answer.</param>
    /// <exception cref="CommandException">A pattern keeps taking too long.</exception>
    public bool Hold(T record, RecordContext context)
    {
        foreach (Test test in _tests)
        {
            if ((test.Path?.Test(record, test.Probe, context) ?? false) != test.Wanted)
            {
                return false;
            }
        }
        return true;
    }

    private readonly record struct Test(RecordPath<T>? Path, ValueProbe Probe, bool Wanted);
}
