using System.Globalization;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Records.Fields;

/// <summary>Packets by frequency: keys are quoted numbers of kHz.</summary>
internal sealed class FrequencyKind : ValueKind<FrequencyCounts>
{
    public static readonly FrequencyKind Instance = new();

    internal override ValueShape Shape => ValueShape.MapOf(ValueShape.Integer);

    internal override void Write(FrequencyCounts value, JsonOut json, Style style)
    {
        int start = json.Open((byte)'{', style);
        for (int i = 0; i < value.Count; i++)
        {
            FrequencyCounts.Entry entry = value[i];
            json.Item((byte)'{', style);
            json.Raw((byte)'"');
            json.Number((ulong)entry.Khz);
            json.Raw((byte)'"');
            json.Colon();
            json.Number((ulong)entry.Packets);
        }
        json.Close(start, (byte)'{', (byte)'}', style);
    }

    internal override bool Test(FrequencyCounts value, ValueProbe probe, RecordContext context)
    {
        for (int i = 0; i < value.Count; i++)
        {
            if (probe.AcceptsNumber(value[i].Packets))
            {
                return true;
            }
        }
        return false;
    }

    internal override RecordPath<FrequencyCounts>? Compile(ReadOnlySpan<string> path, bool expand) =>
        path.Length == 1 && uint.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out uint khz) ? new One(khz) : null;

    private sealed class One(uint khz) : RecordPath<FrequencyCounts>
    {
        internal override bool IsNumeric => true;

        internal override bool TryWrite(FrequencyCounts record, JsonOut json, Label? label, Style style)
        {
            uint packets = Packets(record);
            if (packets == 0)
            {
                return false;
            }
            if (label is not null)
            {
                json.Member(label, style);
            }
            json.Number((ulong)packets);
            return true;
        }

        internal override SortKey Key(FrequencyCounts record, RecordContext context) => new(Packets(record));

        internal override bool Test(FrequencyCounts record, ValueProbe probe, RecordContext context) =>
            Packets(record) is > 0 and uint packets && (probe.AcceptsAnything || probe.AcceptsNumber(packets));

        private uint Packets(FrequencyCounts record)
        {
            for (int i = 0; i < record.Count; i++)
            {
                if (record[i].Khz == khz)
                {
                    return record[i].Packets;
                }
            }
            return 0;
        }
    }
}
