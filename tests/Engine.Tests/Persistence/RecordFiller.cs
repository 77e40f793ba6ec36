using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Sensors;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Persistence;

/// <summary>
/// Makes records with a value of its own in every field there is, private ones and those of records within records, so that a field that
/// somebody adds is filled without anybody telling it.
/// </summary>
/// <param name="random">Leaves fields out and flags unset by chance; null to leave none out.</param>
internal sealed class RecordFiller(Random? random)
{
    private const BindingFlags AllFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
    private readonly NullabilityInfoContext _nullability = new();
    private int _next;

    private static readonly string[] s_unsaved =
    [
        nameof(Records.Devices.Device.Serial), nameof(Records.Devices.Device.IsUnsaved), nameof(Records.Devices.Device.IsWatched),
        nameof(Records.Devices.Device.IsStored), nameof(Records.Devices.Device.SeenSince),
        nameof(Records.Devices.Device.UserViews), nameof(Records.Devices.Device.Unread), nameof(SeenBy.SensorPlace),
    ];

    /// <summary>A device.</summary>
    public Device Device()
    {
        Device device = new((DeviceId)Value(typeof(DeviceId)));
        foreach (FieldInfo field in FieldsOf(typeof(Device)))
        {
            if (field.Name != nameof(Records.Devices.Device.Id))
            {
                field.SetValue(device, Field(field));
            }
        }
        return device;
    }

    /// <summary>Fields that a stored record must have: all but those that its holder gives it anew, and what it has of other versions.</summary>
    public static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        type.GetFields(AllFields).Where(static field => (field.DeclaringType != typeof(Device) && field.DeclaringType != typeof(SeenBy)) || !s_unsaved.Any(field.Name.Contains));

    private object? Field(FieldInfo field)
    {
        bool optional = !field.FieldType.IsValueType && _nullability.Create(field).ReadState == NullabilityState.Nullable;
        return random is not null && (optional || Nullable.GetUnderlyingType(field.FieldType) is not null) && random.Next(3) == 0
            ? null
            : random is not null && field.FieldType.IsValueType && random.Next(4) == 0 ? Activator.CreateInstance(field.FieldType) : Value(field.FieldType);
    }

    private object Value(Type type)
    {
        int n = ++_next;
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Value(underlying);
        }
        if (type.IsEnum)
        {
            return Enum.ToObject(type, type == typeof(RrdAggregate) ? 1 : 1 + (n % 120));
        }
        if (type.IsPrimitive)
        {
            return Primitive(type, n);
        }
        if (type == typeof(string))
        {
            return random is null ? $"text {n} é" : new string('ü', random.Next(70)) + (random.Next(2) == 0 ? $"{random.Next(5)}" : $"{n}");
        }
        if (type == typeof(MacAddress))
        {
            return new MacAddress((ulong)n << 24);
        }
        if (type == typeof(Guid))
        {
            return new Guid(n, 0, 0, new byte[8]);
        }
        if (type == typeof(DeviceId))
        {
            return new DeviceId(Phy.All[n % Phy.All.Count], new((ulong)n << 16));
        }
        return Whole(type, n);
    }

    private object Whole(Type type, int n)
    {
        int count = random?.Next(type == typeof(byte[]) ? 200 : 4) ?? 2;
        if (type.IsArray)
        {
            Array array = Array.CreateInstance(type.GetElementType()!, count);
            for (int i = 0; i < count; i++)
            {
                array.SetValue(Value(type.GetElementType()!), i);
            }
            return array;
        }
        if (type.IsGenericType && type.GetGenericTypeDefinition() is { } open && (open == typeof(List<>) || open == typeof(SortedDictionary<,>) || open == typeof(SmallMap<>)))
        {
            object collection = open == typeof(SmallMap<>) ? Activator.CreateInstance(type, 1)! : Activator.CreateInstance(type)!;
            MethodInfo add = type.GetMethod(open == typeof(SortedDictionary<,>) ? "set_Item" : "Add")!;
            for (int i = 0; i < count; i++)
            {
                add.Invoke(collection, [.. add.GetParameters().Select(parameter => Value(parameter.ParameterType))]);
            }
            return collection;
        }
        if (type.Namespace!.StartsWith("System", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"Fill {type}, and let DeviceCodec keep it.");
        }
        object record = RuntimeHelpers.GetUninitializedObject(type);
        foreach (FieldInfo field in FieldsOf(type))
        {
            field.SetValue(record, Field(field));
        }
        return Consistent(record);
    }

    // What classes promise of their own fields.
    private static object Consistent(object record)
    {
        Type type = record.GetType();
        if (type.Name == "Samples")
        {
            FieldInfo items = type.GetField("_items", AllFields)!;
            ICollection? samples = (ICollection?)items.GetValue(record);
            items.SetValue(record, samples?.Count > 0 ? samples : null);
            type.GetField("_count", AllFields)!.SetValue(record, (byte)(samples?.Count ?? 0));
        }
        if (record is SensorDevice)
        {
            // Each has a place for all that there is.
            foreach ((string name, int length) in (ReadOnlySpan<(string, int)>)[("_numbers", (int)SensorNumber.Count), ("_texts", (int)SensorText.Count), ("_histories", (int)SensorNumber.Count)])
            {
                FieldInfo field = type.GetField(name, AllFields)!;
                if (field.GetValue(record) is Array some)
                {
                    if (name == "_histories" && some.Length == 0)
                    {
                        field.SetValue(record, null);
                        continue;
                    }
                    Array all = Array.CreateInstance(some.GetType().GetElementType()!, length);
                    Array.Copy(some, all, some.Length);
                    for (int i = 0; name == "_texts" && i < length; i++)
                    {
                        all.SetValue(all.GetValue(i) ?? "", i);
                    }
                    field.SetValue(record, all);
                }
            }
        }
        if (record is Track)
        {
            type.GetField("_count", AllFields)!.SetValue(record, ((ICollection)type.GetField("_points", AllFields)!.GetValue(record)!).Count);
            FieldInfo interval = type.GetField("<Interval>k__BackingField", AllFields)!;
            interval.SetValue(record, Math.Max(1, (uint)interval.GetValue(record)!));
        }
        if (record is FrequencyCounts counts && (counts.Count < 2 || Enumerable.Range(0, counts.Count).Any(i => counts[i].Khz == 0)))
        {
            record = default(FrequencyCounts);
        }
        return record;
    }

    private object Primitive(Type type, int n)
    {
        if (type == typeof(bool))
        {
            return random is null || random.Next(2) == 0;
        }
        if (type == typeof(double) || type == typeof(float))
        {
            double real = (random?.Next(6) ?? -1) switch
            {
                0 => -0.0,
                1 => n / 60.0,
                2 => 1e300 * n,
                3 => double.NaN,
                4 => -n,
                _ => n + 0.3,
            };
            return Convert.ChangeType(real, type);
        }
        if (type == typeof(sbyte))
        {
            return (sbyte)(-1 - (n % 120));
        }
        bool signed = type == typeof(short) || type == typeof(int) || type == typeof(long);
        long whole = type == typeof(byte) ? 1 + (n % 250) : random?.Next(4) == 0 ? Greatest(type) : signed ? -n : 1000 + n;
        return whole == -1 && !signed ? ulong.MaxValue : Convert.ChangeType(whole, type);
    }

    private static long Greatest(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int16 => short.MinValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.Int32 => int.MinValue,
        TypeCode.UInt32 => uint.MaxValue,
        TypeCode.Int64 => long.MinValue,
        _ => -1,
    };
}
