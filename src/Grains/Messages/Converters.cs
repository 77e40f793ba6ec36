using KismetOrleans.Engine.Partitions;
using KismetOrleans.Engine.Views;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using KismetOrleans.Wire;

namespace KismetOrleans.Grains.Messages;

/// <summary>Bytes that are finished: JSON that was written once, or a history in the form of stored rows.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.Bytes")]
internal readonly record struct BytesMessage([property: Id(0)] ReadOnlyMemory<byte> Bytes);

/// <summary>A number that stands for what both sides have.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.Number")]
internal readonly record struct NumberMessage([property: Id(0)] ulong Value, [property: Id(1)] long Count = 0);

/// <summary>Text that is read at most once where it arrives.</summary>
/// <param name="Request">The request that it belongs to.</param>
[GenerateSerializer, Immutable, Alias("KismetOrleans.Text")]
internal readonly record struct TextMessage([property: Id(0)] string Text, [property: Id(1)] Guid Request = default);

/// <summary>Written JSON. Nobody on its way reads it.</summary>
[RegisterConverter]
internal sealed class JsonOutConverter : IConverter<JsonOut, BytesMessage>
{
    public JsonOut ConvertFromSurrogate(in BytesMessage m)
    {
        JsonOut json = new(Math.Max(m.Bytes.Length, 1));
        json.Raw(m.Bytes.Span);
        return json;
    }

    // The bytes stay with the answer, which may be written more than once: so the buffer is left to the collector.
    public BytesMessage ConvertToSurrogate(in JsonOut value) => new(value.Written);
}

/// <summary>A history, in the form of stored rows: a tenth of what its samples would take one by one.</summary>
[RegisterConverter]
internal sealed class RrdConverter : IConverter<Rrd, BytesMessage>
{
    public Rrd ConvertFromSurrogate(in BytesMessage m) => StoredHistory.Read(m.Bytes.ToArray());

    public BytesMessage ConvertToSurrogate(in Rrd value) => new(StoredHistory.Write(value));
}

[RegisterConverter]
internal sealed class PhyConverter : IConverter<Phy, NumberMessage>
{
    public Phy ConvertFromSurrogate(in NumberMessage m) =>
        m.Value < (ulong)Phy.All.Count ? Phy.All[(int)m.Value] : throw new InvalidDataException($"Phy {m.Value} is unknown here.");

    public NumberMessage ConvertToSurrogate(in Phy value) => new((ulong)value.Id);
}

/// <summary>An address. Wire, which the capture agent ships, does not know Orleans.</summary>
[RegisterConverter]
internal sealed class MacAddressConverter : IConverter<MacAddress, NumberMessage>
{
    public MacAddress ConvertFromSurrogate(in NumberMessage m) => new(m.Value);

    public NumberMessage ConvertToSurrogate(in MacAddress value) => new(value.Value);
}

[RegisterConverter]
internal sealed class AnomalyCountConverter : IConverter<AnomalyCount, NumberMessage>
{
    public AnomalyCount ConvertFromSurrogate(in NumberMessage m) => new((Anomalies)m.Value, m.Count);

    public NumberMessage ConvertToSurrogate(in AnomalyCount value) => new((ulong)value.Anomaly, value.Count);
}

/// <summary>Regular expressions, compiled once for all partitions of a silo.</summary>
[RegisterConverter]
internal sealed class RegexSpecConverter : IConverter<RegexSpec, TextMessage>
{
    public RegexSpec ConvertFromSurrogate(in TextMessage m) => Requests.Regex.Read(m.Request, m.Text);

    public TextMessage ConvertToSurrogate(in RegexSpec value) => new(value.Source, Requests.Regex.Of(value));
}

/// <summary>Conditions, read once for all partitions of a silo.</summary>
[RegisterConverter]
internal sealed class WhereSpecConverter : IConverter<WhereSpec, TextMessage>
{
    public WhereSpec ConvertFromSurrogate(in TextMessage m) => Requests.Where.Read(m.Request, m.Text);

    public TextMessage ConvertToSurrogate(in WhereSpec value) => new(value.Source, Requests.Where.Of(value));
}

/// <summary>A user's view: its definition, which is known after the first time.</summary>
[RegisterConverter]
internal sealed class UserViewConverter : IConverter<UserView, TextMessage>
{
    public UserView ConvertFromSurrogate(in TextMessage m) => UserView.Read(m.Text);

    public TextMessage ConvertToSurrogate(in UserView value) => new(value.Text);
}

/// <summary><see cref="DeviceWindow"/> on the wire: ranks as columns, since a window of many partitions has thousands.</summary>
[GenerateSerializer, Immutable, Alias("KismetOrleans.DeviceWindow")]
internal struct DeviceWindowMessage
{
    [Id(0)] public int Matching;
    [Id(1)] public int Total;
    [Id(2)] public ulong[] Ids;
    [Id(3)] public double[] Numbers;

    /// <summary>Texts to order by; null when none orders by text.</summary>
    [Id(4)] public string?[]? Texts;

    /// <summary>Which of them are addresses; null when none is.</summary>
    [Id(5)] public bool[]? Addresses;
}

[RegisterConverter]
internal sealed class DeviceWindowConverter : IConverter<DeviceWindow, DeviceWindowMessage>
{
    public DeviceWindow ConvertFromSurrogate(in DeviceWindowMessage m)
    {
        RankedDevice[] first = new RankedDevice[m.Ids.Length];
        for (int i = 0; i < first.Length; i++)
        {
            SortKey key = m.Addresses is { } addresses && addresses[i]
                ? SortKey.OfAddress(new((ulong)m.Numbers[i]))
                : new(m.Numbers[i], m.Texts?[i]);
            first[i] = new(key, new DeviceId(m.Ids[i]));
        }
        return new(m.Matching, m.Total, first);
    }

    public DeviceWindowMessage ConvertToSurrogate(in DeviceWindow value)
    {
        int count = value.First.Count;
        DeviceWindowMessage m = new() { Matching = value.Matching, Total = value.Total, Ids = new ulong[count], Numbers = new double[count] };
        for (int i = 0; i < count; i++)
        {
            RankedDevice device = value.First[i];
            m.Ids[i] = device.Id.Value;
            m.Numbers[i] = device.Key.Number;
            if (device.Key.IsAddress)
            {
                (m.Addresses ??= new bool[count])[i] = true;
            }
            else if (device.Key.Text is { } text)
            {
                (m.Texts ??= new string?[count])[i] = text;
            }
        }
        return m;
    }
}
