using System.Diagnostics.CodeAnalysis;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>Takes one number out of records. Not thread-safe: for one run over them.</summary>
/// <typeparam name="T">Type of the record.</typeparam>
public sealed class RecordNumber<T>
{
    private readonly RecordPath<T> _path;
    private readonly Catcher _catcher = new();

    private RecordNumber(RecordPath<T> path) => _path = path;

    /// <summary>Prepares it.</summary>
    /// <param name="path">Path of one field.</param>
    /// <param name="number">The way to its values.</param>
    /// <returns>False when the path leads nowhere, to several values, or to what is no number.</returns>
    public static bool TryPrepare(RecordTable<T> table, string path, [NotNullWhen(true)] out RecordNumber<T>? number)
    {
        // Addresses and keys are ordered by value, but they are no numbers.
        number = table.FindPath(path, expand: false) is { IsNumeric: true } found
            && found.Info?.Shape.Form is null or ValueForm.Integer or ValueForm.Number or ValueForm.Flag
            ? new(found)
            : null;
        return number is not null;
    }

    /// <summary>A record's number.</summary>
    /// <returns>False when it has none.</returns>
    public bool TryGet(T record, RecordContext context, out double value)
    {
        bool found = _path.Test(record, _catcher, context);
        value = _catcher.Number;
        return found;
    }

    private sealed class Catcher : ValueProbe
    {
        public double Number { get; private set; }

        public override bool Accepts(ReadOnlySpan<char> text) => false;

        public override bool AcceptsBytes(ReadOnlySpan<byte> bytes) => false;

        public override bool AcceptsNumber(double number)
        {
            Number = number;
            return true;
        }
    }
}
