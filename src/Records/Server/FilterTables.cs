using KismetOrleans.Records.Fields;

namespace KismetOrleans.Records.Server;

/// <summary>A filter of logs by address.</summary>
/// <param name="Id">Name, as in its paths.</param>
/// <param name="Description">What it keeps out.</param>
/// <param name="Default">Whether what no entry names is blocked.</param>
/// <param name="Filtered">What it has left out.</param>
/// <param name="Phys">Its entries by phy.</param>
public sealed record MacFilterRecord(
    string Id, string Description, bool Default, ulong Filtered, IReadOnlyList<KeyValuePair<string, MacFilterPhy>> Phys);

/// <summary>The entries of a phy: addresses, and 1 for those that are blocked.</summary>
/// <param name="Blocks">By what they are compared with: source, destination, network, other, any. Of a filter of devices the last one alone.</param>
public sealed record MacFilterPhy(IReadOnlyList<KeyValuePair<string, ulong>>[] Blocks);

/// <summary>Fields of a filter of packets (<c>kismet.packetfilter.*</c>).</summary>
public static class PacketFilterTable
{
    public static readonly RecordTable<MacFilterPhy> Blocks = new("packetfilter_blocks",
    [
        Field<MacFilterPhy>.MapByText("kismet.packetfilter.macaddr.source", "by who sends", static p => p.Blocks[0], Kinds.Unsigned),
        Field<MacFilterPhy>.MapByText("kismet.packetfilter.macaddr.destination", "by who is meant", static p => p.Blocks[1], Kinds.Unsigned),
        Field<MacFilterPhy>.MapByText("kismet.packetfilter.macaddr.network", "by the network", static p => p.Blocks[2], Kinds.Unsigned),
        Field<MacFilterPhy>.MapByText("kismet.packetfilter.macaddr.other", "by who transmits", static p => p.Blocks[3], Kinds.Unsigned),
        Field<MacFilterPhy>.MapByText("kismet.packetfilter.macaddr.any", "by any of these", static p => p.Blocks[4], Kinds.Unsigned),
    ]);

    public static readonly RecordTable<MacFilterRecord> Table = new("packetfilter",
    [
        Field<MacFilterRecord>.Text("kismet.packetfilter.id", "name, as in its paths", static f => f.Id),
        Field<MacFilterRecord>.Text("kismet.packetfilter.description", "what it keeps out", static f => f.Description),
        Field<MacFilterRecord>.Text("kismet.packetfilter.type", "how it works: by address", static _ => "mac_addr"),
        Field<MacFilterRecord>.Flag("kismet.packetfilter.default", "whether what no entry names is blocked", static f => f.Default),
        Field<MacFilterRecord>.UInt64("kismet.packetfilter.filtered", "packets left out", static f => f.Filtered),
        Field<MacFilterRecord>.MapByText("kismet.packetfilter.macaddr.blocks_by_phy", "entries by phy", static f => f.Phys, Blocks),
    ]);
}

/// <summary>Fields of a filter of devices (<c>kismet.classfilter.*</c>).</summary>
public static class ClassFilterTable
{
    public static readonly RecordTable<MacFilterRecord> Table = new("classfilter",
    [
        Field<MacFilterRecord>.Text("kismet.classfilter.id", "name, as in its paths", static f => f.Id),
        Field<MacFilterRecord>.Text("kismet.classfilter.description", "what it keeps out", static f => f.Description),
        Field<MacFilterRecord>.Text("kismet.classfilter.type", "how it works: by address", static _ => "mac_addr"),
        Field<MacFilterRecord>.Flag("kismet.classfilter.default", "whether what no entry names is blocked", static f => f.Default),
        Field<MacFilterRecord>.UInt64("kismet.classfilter.filtered", "rows of devices left out", static f => f.Filtered),
        Field<MacFilterRecord>.MapByText(
            "kismet.classfilter.macaddr.address_by_phy", "entries by phy",
            static f => f.Phys.Select(static one => new KeyValuePair<string, IEnumerable<KeyValuePair<string, ulong>>>(one.Key, one.Value.Blocks[^1])),
            new TextMapKind<ulong>(Kinds.Unsigned)),
    ]);
}
