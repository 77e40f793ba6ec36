using System.Text.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>One condition: whether any value at a path is one that is looked for.</summary>
/// <param name="Path">Path of names joined by <c>/</c>, through lists and maps.</param>
/// <param name="Probe">What is looked for.</param>
/// <param name="Wanted">Whether it must be found; false when it must not.</param>
internal sealed record WhereCondition(string Path, ValueProbe Probe, bool Wanted)
{
    private const string Operators = "=, !=, <, <=, >, >=, between, contains, ~ or has";

    /// <summary>Reads <c>[path, op, value]</c>.</summary>
    /// <exception cref="CommandException">It is anything else.</exception>
    public static WhereCondition Parse(JsonElement one, string place, RegexBudget budget)
    {
        if (one.ValueKind != JsonValueKind.Array || one.GetArrayLength() != 3
            || one[0].ValueKind != JsonValueKind.String || one[1].ValueKind != JsonValueKind.String)
        {
            throw new CommandException($"{place}: expected [field, operator, value]");
        }
        string path = Text(one[0], place);
        if (path.Length > FieldPath.MaxLength || FieldPath.Split(path).Length is 0 or > FieldPath.MaxDepth)
        {
            throw new CommandException($"{place}: expected a path of up to {FieldPath.MaxDepth} names, {FieldPath.MaxLength} characters");
        }
        JsonElement value = one[2];
        return Text(one[1], place) switch
        {
            "=" => new(path, Same(value, place), true),
            // The contrary of the one above, so also true where there is no value at all.
            "!=" => new(path, Same(value, place), false),
            "<" => new(path, Range(value, place, static (number, bound) => number < bound), true),
            "<=" => new(path, Range(value, place, static (number, bound) => number <= bound), true),
            ">" => new(path, Range(value, place, static (number, bound) => number > bound), true),
            ">=" => new(path, Range(value, place, static (number, bound) => number >= bound), true),
            "between" => new(path, Between(value, place), true),
            "contains" => new(path, new SearchTerm(Term(value, place)), true),
            "~" => new(path, new RegexPattern(path, Term(value, place), place, budget), true),
            "has" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => new(path, new Presence(), value.GetBoolean()),
            "has" => throw new CommandException($"{place}: expected true or false"),
            string op => throw new CommandException($"{place}: expected {Operators}, got '{op[..Math.Min(op.Length, 32)]}'"),
        };
    }

    private static ValueProbe Same(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.True => new SameNumber(1),
        JsonValueKind.False => new SameNumber(0),
        JsonValueKind.Number => new SameNumber(Number(value, place)),
        JsonValueKind.String => new SameText(Term(value, place)),
        _ => throw new CommandException($"{place}: expected a number, a text, true or false"),
    };

    private static NumberRange Range(JsonElement value, string place, Func<double, double, bool> test) => new(test, Number(value, place));

    private static NumberBetween Between(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2)
        {
            throw new CommandException($"{place}: expected an array of two numbers");
        }
        (double least, double most) = (Number(value[0], place), Number(value[1], place));
        return least <= most ? new(least, most) : throw new CommandException($"{place}: expected the smaller number first");
    }

    private static double Number(JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw new CommandException($"{place}: expected a number");

    private static string Term(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new CommandException($"{place}: expected a text");
        }
        string term = Text(value, place);
        return term.Length <= WhereSpec.MaxTextLength ? term : throw new CommandException($"{place}: longer than {WhereSpec.MaxTextLength} characters");
    }

    private static string Text(JsonElement text, string place)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new CommandException($"{place}: not valid Unicode");
        }
    }

    private sealed class Presence : ValueProbe
    {
        public override bool AcceptsAnything => true;

        public override bool Accepts(ReadOnlySpan<char> text) => true;

        public override bool AcceptsBytes(ReadOnlySpan<byte> bytes) => true;

        public override bool AcceptsNumber(double number) => true;
    }

    private sealed class SameNumber(double value) : ValueProbe
    {
        public override bool Accepts(ReadOnlySpan<char> text) => false;

        public override bool AcceptsBytes(ReadOnlySpan<byte> bytes) => false;

        public override bool AcceptsNumber(double number) => number == value;
    }

    private sealed class NumberRange(Func<double, double, bool> test, double bound) : ValueProbe
    {
        public override bool Accepts(ReadOnlySpan<char> text) => false;

        public override bool AcceptsBytes(ReadOnlySpan<byte> bytes) => false;

        public override bool AcceptsNumber(double number) => test(number, bound);
    }

    // One value has to be both: of a list, one that is high enough and another that is low enough are none.
    private sealed class NumberBetween(double least, double most) : ValueProbe
    {
        public override bool Accepts(ReadOnlySpan<char> text) => false;

        public override bool AcceptsBytes(ReadOnlySpan<byte> bytes) => false;

        public override bool AcceptsNumber(double number) => number >= least && number <= most;
    }

    private sealed class SameText(string value) : ValueProbe
    {
        public override bool Accepts(ReadOnlySpan<char> text) => text.Equals(value, StringComparison.OrdinalIgnoreCase);

        // As they are printed.
        public override bool AcceptsBytes(ReadOnlySpan<byte> bytes) =>
            bytes.Length * 2 == value.Length && Convert.ToHexString(bytes).Equals(value, StringComparison.OrdinalIgnoreCase);
    }
}
