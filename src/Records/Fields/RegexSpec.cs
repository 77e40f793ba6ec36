using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace KismetOrleans.Records.Fields;

/// <summary>Regular expressions that a request filters by: a record matches when any of them is found. Thread-safe.</summary>
public sealed class RegexSpec
{
    internal const int MaxPatterns = 64;
    internal const int MaxPatternLength = 1024;

    private RegexSpec(IReadOnlyList<RegexPattern> patterns, string source)
    {
        Patterns = patterns;
        Source = source;
    }

    /// <summary>The JSON that it was read from, which another process can read again.</summary>
    public string Source { get; }

    internal IReadOnlyList<RegexPattern> Patterns { get; }

    /// <summary>The same expressions with all of their time before them: for those that are kept, and looked for again and again.</summary>
    public RegexSpec Renew()
    {
        RegexBudget budget = new();
        return new([.. Patterns.Select(pattern => pattern.With(budget))], Source);
    }

    /// <summary>Reads <c>[[multifield, pattern], …]</c>.</summary>
    /// <param name="regex">The value of a command's <c>regex</c>.</param>
    /// <returns>Null when there is no filter (absent, null or empty).</returns>
    /// <exception cref="CommandException">It is anything else, a pattern is invalid, or a bound is exceeded.</exception>
    public static RegexSpec? Parse(JsonElement regex)
    {
        if (regex.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }
        if (regex.ValueKind != JsonValueKind.Array)
        {
            throw new CommandException("Invalid regex: expected an array");
        }
        if (regex.GetArrayLength() > MaxPatterns)
        {
            throw new CommandException($"Invalid regex: more than {MaxPatterns} patterns");
        }
        List<RegexPattern> patterns = [];
        RegexBudget budget = new();
        foreach (JsonElement pair in regex.EnumerateArray())
        {
            patterns.Add(ParsePair(pair, patterns.Count, budget));
        }
        return patterns.Count == 0 ? null : new(patterns, regex.GetRawText());
    }

    private static RegexPattern ParsePair(JsonElement pair, int index, RegexBudget budget)
    {
        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2
            || pair[0].ValueKind != JsonValueKind.String || pair[1].ValueKind != JsonValueKind.String)
        {
            throw new CommandException($"Invalid regex: regex[{index}]: expected [field, pattern]");
        }
        string field;
        string pattern;
        try
        {
            field = pair[0].GetString()!;
            pattern = pair[1].GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new CommandException($"Invalid regex: regex[{index}]: not valid Unicode");
        }
        if (field.Length > FieldPath.MaxLength || FieldPath.Split(field).Length is 0 or > FieldPath.MaxDepth)
        {
            throw new CommandException(
                $"Invalid regex: regex[{index}]: expected a path of up to {FieldPath.MaxDepth} names, {FieldPath.MaxLength} characters");
        }
        if (pattern.Length > MaxPatternLength)
        {
            throw new CommandException($"Invalid regex: regex[{index}]: longer than {MaxPatternLength} characters");
        }
        return new(field, pattern, $"Invalid regex: regex[{index}]", budget);
    }
}

/// <summary>
/// What all patterns of a request together may take, since packets wait while a partition looks for them: half a second, and more for each text, so that a list may be as long as it likes.
/// It is the processor's time, which a busy machine does not make longer. That costs a call of the kernel to look at, and is looked at only when half a second has passed. Thread-safe.
/// </summary>
internal sealed class RegexBudget
{
    // Honest patterns need 0.1 to 0.5 µs for a text, and some milliseconds before the first.
    private static readonly TimeSpan s_once = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_each = TimeSpan.FromMicroseconds(3);
    private long _passed;
    private long _spent;
    private long _texts;

    /// <summary>Whether there is none left.</summary>
    public bool IsSpent => Volatile.Read(ref _spent) > s_once.Ticks + (Volatile.Read(ref _texts) * s_each.Ticks);

    /// <summary>Begins with a text.</summary>
    /// <returns>For <see cref="End"/>, on the same thread.</returns>
    public (bool IsCounted, TimeSpan Since) Begin() =>
        Volatile.Read(ref _passed) > s_once.Ticks ? (true, ThreadTime.Now) : (false, Stopwatch.GetElapsedTime(0));

    /// <summary>Takes what a text has cost off.</summary>
    public void End((bool IsCounted, TimeSpan Since) begun)
    {
        if (begun.IsCounted)
        {
            _ = Interlocked.Increment(ref _texts);
            _ = Interlocked.Add(ref _spent, (ThreadTime.Now - begun.Since).Ticks);
        }
        else
        {
            _ = Interlocked.Add(ref _passed, (Stopwatch.GetElapsedTime(0) - begun.Since).Ticks);
        }
    }
}

internal sealed class RegexPattern : ValueProbe
{
    // A pattern that needs backtracking gets this long for a text.
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(50);

    // On a busy machine the time passes while others have the processor: again then, and at last without an answer.
    private const int MostTries = 20;
    private const int StackBytes = 256;
    private readonly Regex _regex;
    private readonly string _place;
    private readonly RegexBudget _budget;

    /// <summary>Compiles a pattern.</summary>
    /// <param name="multifield">Where its texts are.</param>
    /// <param name="place">What errors begin with.</param>
    /// <param name="budget">The time that it may take.</param>
    /// <exception cref="CommandException">It is invalid.</exception>
    public RegexPattern(string multifield, string pattern, string place, RegexBudget budget)
    {
        _budget = budget;
        Multifield = multifield;
        _place = place;
        try
        {
            _regex = Compile(PcreDialect.Translate(pattern));
        }
        catch (ArgumentException invalid)
        {
            throw new CommandException($"{place}: {invalid.Message}");
        }
    }

    private RegexPattern(RegexPattern other, RegexBudget budget) =>
        (_regex, _place, _budget, Multifield) = (other._regex, other._place, budget, other.Multifield);

    public string Multifield { get; }

    public RegexPattern With(RegexBudget budget) => new(this, budget);

    public override bool Accepts(ReadOnlySpan<char> text)
    {
        if (_budget.IsSpent)
        {
            throw new CommandException($"{_place}: takes too long");
        }
        (bool IsCounted, TimeSpan Since) begun = _budget.Begin();
        bool accepts = _regex.MatchTimeout == Regex.InfiniteMatchTimeout ? _regex.IsMatch(text) : IsMatchInTime(text);
        _budget.End(begun);
        return accepts;
    }

    private bool IsMatchInTime(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < MostTries; i++)
        {
            TimeSpan before = ThreadTime.Now;
            try
            {
                return _regex.IsMatch(text);
            }
            catch (RegexMatchTimeoutException) when (ThreadTime.Now - before < Timeout / 2)
            {
                // It had not even half of its time.
            }
            catch (RegexMatchTimeoutException)
            {
                return false;
            }
        }
        return false;
    }

    public override bool AcceptsBytes(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = bytes.Length <= StackBytes ? stackalloc char[bytes.Length] : new char[bytes.Length];
        Encoding.Latin1.GetChars(bytes, text);
        return Accepts(text);
    }

    private static Regex Compile(string pattern)
    {
        try
        {
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException)
        {
            return new(pattern, RegexOptions.CultureInvariant, Timeout);
        }
    }
}
