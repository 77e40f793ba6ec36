namespace KismetOrleans.Records.Fields;

/// <summary>What a value looks like in JSON.</summary>
public enum ValueForm
{
    /// <summary>A whole number.</summary>
    Integer,

    Number,

    /// <summary>0 or 1.</summary>
    Flag,

    Text,

    /// <summary>A string with an address.</summary>
    Mac,

    /// <summary>A string with a UUID.</summary>
    Uuid,

    /// <summary>An object with the fields of a record.</summary>
    Record,

    List,

    /// <summary>An object with keys that no table names.</summary>
    Map,
}

/// <summary>What values of a kind look like in JSON, for the documentation.</summary>
/// <param name="Element">What elements of a list or map look like; null for others.</param>
/// <param name="Record">The record; null for others.</param>
public sealed record ValueShape(ValueForm Form, ValueShape? Element = null, IRecordTable? Record = null)
{
    internal static ValueShape Integer { get; } = new(ValueForm.Integer);

    internal static ValueShape Number { get; } = new(ValueForm.Number);

    internal static ValueShape Flag { get; } = new(ValueForm.Flag);

    internal static ValueShape Text { get; } = new(ValueForm.Text);

    internal static ValueShape Mac { get; } = new(ValueForm.Mac);

    internal static ValueShape Uuid { get; } = new(ValueForm.Uuid);

    internal static ValueShape Integers { get; } = ListOf(Integer);

    internal static ValueShape Numbers { get; } = ListOf(Number);

    internal static ValueShape ListOf(ValueShape element) => new(ValueForm.List, element);

    internal static ValueShape MapOf(ValueShape element) => new(ValueForm.Map, element);
}
