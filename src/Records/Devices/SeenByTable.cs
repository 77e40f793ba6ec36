using KismetOrleans.Records.Datasources;
using KismetOrleans.Records.Fields;
using KismetOrleans.Records.Json;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Devices.SeenBy>;

namespace KismetOrleans.Records.Devices;

/// <summary>Fields of one source's share in a device.</summary>
internal static class SeenByTable
{
    /// <summary>A source and what it heard of the device.</summary>
    public static readonly RecordTable<SeenBy> Table = new("seenby",
    [
        Source(),
        Field.Make("kismet.common.seenby.source", "alias", "record of that source", static s => s.SourceNumber, new SourceKind(), null),
        Field.UInt64("kismet.common.seenby.first_time", "unix second in which it first saw the device", static s => s.FirstTime),
        Field.UInt64("kismet.common.seenby.last_time", "unix second in which it last saw the device", static s => s.LastTime),
        Field.UInt64("kismet.common.seenby.num_packets", "packets that it heard of the device", static s => s.Packets),
        Field.Frequencies(
            "kismet.common.seenby.freq_khz_map", "its packets by frequency in kHz",
            static s => s.Frequencies, static s => s.Frequencies.Count > 0),
        Field.Record("kismet.common.seenby.signal", "signal at this source", static s => s.Signal, SignalTable.Table),
    ]);

    /// <summary>A source and the signal with which it saw the device over time.</summary>
    public static readonly RecordTable<SeenBy> Signals = new("seenby_signal",
    [
        Source(),
        Field.Record(
            "kismet.common.seenby.signal_rrd", "strongest signal of each second, minute and hour; absent where none is known",
            static s => s.SignalHistory, RrdTable.Table),
    ]);

    private static RecordField<SeenBy> Source() =>
        Field.Make("kismet.common.seenby.uuid", "alias", "source that saw the device", static s => s.SourceNumber, new SourceUuidKind(), null);

    /// <summary>A source's number, shown as its UUID.</summary>
    private sealed class SourceUuidKind : ValueKind<ushort>
    {
        internal override ValueShape Shape => ValueShape.Uuid;

        internal override void Write(ushort value, JsonOut json, Style style) => json.Uuid(Uuid(value, json.Context));

        internal override bool Test(ushort value, ValueProbe probe, RecordContext context) => UuidKind.Test(Uuid(value, context), probe);

        private static Guid Uuid(ushort number, RecordContext context) => context.Sources.Find(number)?.Uuid ?? Guid.Empty;
    }

    /// <summary>A source's number, shown as its whole record.</summary>
    private sealed class SourceKind : ValueKind<ushort>
    {
        internal override ValueShape Shape => DatasourceTable.Table.Shape;

        internal override void Write(ushort value, JsonOut json, Style style) => json.Context.WriteSource(value, json, style);

        internal override RecordPath<ushort>? Compile(ReadOnlySpan<string> path, bool expand) =>
            DatasourceTable.Table.Compile(path, expand) is { } inner ? new SourcePath(inner) : null;
    }

    private sealed class SourcePath(RecordPath<DatasourceRecord> inner) : RecordPath<ushort>
    {
        internal override bool IsNumeric => inner.IsNumeric;

        internal override FieldInfo? Info => inner.Info;

        internal override bool TryWrite(ushort record, JsonOut json, Label? label, Style style) =>
            json.Context.Sources.Find(record) is { } source && inner.TryWrite(source, json, label, style);

        internal override SortKey Key(ushort record, RecordContext context) =>
            context.Sources.Find(record) is { } source ? inner.Key(source, context) : default;

        internal override bool Test(ushort record, ValueProbe probe, RecordContext context) =>
            context.Sources.Find(record) is { } source && inner.Test(source, probe, context);
    }
}
