using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.PacketView>;
using FieldField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.PacketField>;
using LayerField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Server.PacketLayer>;

namespace KismetOrleans.Records.Server;

/// <summary>A value of a packet and where it stands.</summary>
/// <param name="Value">Value, as people read it.</param>
/// <param name="Offset">Bytes from the start of the packet; −1 where it stands at no one place.</param>
/// <param name="Length">Bytes; 0 where it stands at no one place.</param>
public sealed record PacketField(string Name, string Value, int Offset = -1, int Length = 0);

/// <summary>A part of a packet: a header with its values, an information element, data that nobody reads.</summary>
/// <param name="offset">Bytes from the start of the packet.</param>
/// <param name="length">Bytes, without what is inside.</param>
public sealed class PacketLayer(string name, int offset, int length)
{
    public string Name { get; } = name;

    /// <summary>Bytes from the start of the packet.</summary>
    public int Offset { get; } = offset;

    /// <summary>Bytes, without what is inside.</summary>
    public int Length { get; set; } = length;

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public string? Error { get; set; }

    /// <summary>Its values, in order.</summary>
    public List<PacketField> Fields { get; } = [];

    /// <summary>What is inside, in order.</summary>
    public List<PacketLayer> Layers { get; } = [];
}

/// <summary>One packet of the log, taken apart.</summary>
/// <param name="Packet">What the log says of it.</param>
/// <param name="Bytes">The packet; empty where the log has none.</param>
/// <param name="Layers">The outermost layers, in order.</param>
/// <param name="Error">What could not be read; null where everything could.</param>
public sealed record PacketView(LoggedPacket Packet, byte[] Bytes, IReadOnlyList<PacketLayer> Layers, string? Error);

/// <summary>Fields of a packet that was taken apart.</summary>
public static class PacketViewTable
{
    internal static readonly RecordTable<PacketField> Fields = new("packetfield",
    [
        FieldField.Text("kismet.packet.field.name", "name of the value", static f => f.Name),
        FieldField.Text("kismet.packet.field.value", "the value, as people read it", static f => f.Value),
        FieldField.UInt32(
            "kismet.packet.field.offset", "where it begins, in bytes from the start of the packet; absent where it stands at no one place",
            static f => (ulong)f.Offset, static f => f.Offset >= 0),
        FieldField.UInt32("kismet.packet.field.length", "its bytes; absent where it stands at no one place", static f => (ulong)f.Length, static f => f.Offset >= 0),
    ]);

    internal static readonly RecordTable<PacketLayer> Layers = new("packetlayer", static layers =>
    [
        LayerField.Text("kismet.packet.layer.name", "name of the layer", static l => l.Name),
        LayerField.UInt32("kismet.packet.layer.offset", "where it begins, in bytes from the start of the packet", static l => (ulong)l.Offset),
        LayerField.UInt32("kismet.packet.layer.length", "its bytes, without the layers inside", static l => (ulong)l.Length),
        LayerField.Text("kismet.packet.layer.error", "what is wrong with it; absent where nothing is", static l => l.Error),
        LayerField.List("kismet.packet.layer.fields", "its values, in order", static l => l.Fields, Fields),
        LayerField.List("kismet.packet.layer.layers", "the layers inside, in order", static l => l.Layers, layers),
    ]);

    public static readonly RecordTable<PacketView> Table = new("packetview",
    [
        Field.Record("kismet.packet.view.packet", "what the log says of the packet", static v => v.Packet, LoggedPacketTable.Table),
        Field.Bytes("kismet.packet.view.bytes", "the packet, in hexadecimal; empty where the log has no bytes of it", static v => v.Bytes),
        Field.Text("kismet.packet.view.error", "what could not be read; absent where everything could", static v => v.Error),
        Field.List("kismet.packet.view.layers", "its outermost layers, in order", static v => v.Layers, Layers),
    ]);
}
