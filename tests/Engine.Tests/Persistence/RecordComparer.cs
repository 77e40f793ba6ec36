using System.Collections;
using System.Reflection;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tests.Persistence;

/// <summary>Compares records to the last private field, and says where they differ.</summary>
internal static class RecordComparer
{
    /// <summary>Path of the first difference; null when there is none.</summary>
    public static string? Difference(object? a, object? b, string path)
    {
        if (a is null || b is null)
        {
            return a is null && b is null ? null : $"{path}: {Show(a)} became {Show(b)}";
        }
        if (a.GetType() != b.GetType())
        {
            return $"{path}: {a.GetType()} became {b.GetType()}";
        }
        Type type = a.GetType();
        if (type.IsPrimitive || type.IsEnum || a is string)
        {
            return a.Equals(b) && BitsOf(a) == BitsOf(b) ? null : $"{path}: {a} became {b}";
        }
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(SmallMap<>))
        {
            return Items(Entries(a), Entries(b), path);
        }
        if (type.Name == "Samples")
        {
            // What lies behind the count is room to grow.
            return Items(Used(a), Used(b), path);
        }
        if (a is IEnumerable left)
        {
            return Items(left, (IEnumerable)b, path);
        }
        foreach (FieldInfo field in RecordFiller.FieldsOf(type))
        {
            if (Difference(field.GetValue(a), field.GetValue(b), $"{path}.{field.Name}") is { } difference)
            {
                return difference;
            }
        }
        return null;
    }

    private static string? Items(IEnumerable a, IEnumerable b, string path)
    {
        object?[] left = [.. a.Cast<object?>()];
        object?[] right = [.. b.Cast<object?>()];
        if (left.Length != right.Length)
        {
            return $"{path}: {left.Length} entries became {right.Length}";
        }
        for (int i = 0; i < left.Length; i++)
        {
            if (Difference(left[i], right[i], $"{path}[{i}]") is { } difference)
            {
                return difference;
            }
        }
        return null;
    }

    private static IEnumerable<object?> Entries(object map)
    {
        Type type = map.GetType();
        int count = (int)type.GetProperty("Count")!.GetValue(map)!;
        for (int i = 0; i < count; i++)
        {
            yield return type.GetMethod("Key")!.Invoke(map, [i]);
            yield return type.GetMethod("Value")!.Invoke(map, [i]);
        }
    }

    private static IEnumerable<object?> Used(object samples)
    {
        BindingFlags fields = BindingFlags.Instance | BindingFlags.NonPublic;
        IEnumerable? items = (IEnumerable?)samples.GetType().GetField("_items", fields)!.GetValue(samples);
        return (items ?? Array.Empty<object>()).Cast<object?>().Take((byte)samples.GetType().GetField("_count", fields)!.GetValue(samples)!);
    }

    private static string Show(object? value) => value?.ToString() ?? "nothing";

    // Negative zero equals zero, and is another number all the same.
    private static ulong BitsOf(object value) => value is double real ? BitConverter.DoubleToUInt64Bits(real)
        : value is float single ? BitConverter.SingleToUInt32Bits(single) : 0;
}
