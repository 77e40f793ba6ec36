using KismetOrleans.Records.Fields;
using Field = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.EapolRecord>;
using NonceField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.NonceRecord>;
using PacketField = KismetOrleans.Records.Fields.Field<KismetOrleans.Records.Dot11.PacketRecord>;

namespace KismetOrleans.Records.Dot11;

/// <summary>Fields of a kept EAPOL-Key frame.</summary>
internal static class EapolTable
{
    /// <summary>A kept EAPOL-Key frame.</summary>
    public static readonly RecordTable<EapolRecord> Table = new("eapol",
    [
        Field.Double("dot11.eapol.timestamp", "unix time with its fraction", static e => PacketTable.Seconds(e.TimeNs)),
        Field.UInt8("dot11.eapol.direction", "1 from the access point, 2 to it", static e => e.Direction),
        Field.UInt8("dot11.eapol.message_num", "message of the four-way handshake", static e => e.Message),
        Field.UInt64("dot11.eapol.replay_counter", "replay counter", static e => e.ReplayCounter),
        Field.Flag("dot11.eapol.install", "tells the client to install the key", static e => e.Install),
        Field.Bytes("dot11.eapol.nonce", "nonce", static e => e.Nonce),
        Field.Bytes("dot11.eapol.rsn_pmkid", "PMKID, empty without", static e => e.Pmkid),
        Field.Record("dot11.eapol.packet", "the whole frame", static e => e.Packet, PacketTable.Table),
    ]);
}

internal static class NonceTable
{
    public static readonly RecordTable<NonceRecord> Table = new("nonce",
    [
        NonceField.Double("dot11.eapol.nonce.timestamp", "unix time with its fraction", static n => PacketTable.Seconds(n.TimeNs)),
        NonceField.UInt8("dot11.eapol.nonce.message_num", "message of the four-way handshake", static n => n.Message),
        NonceField.UInt64("dot11.eapol.nonce.replay_counter", "replay counter", static n => n.ReplayCounter),
        NonceField.Flag("dot11.eapol.nonce.install", "tells the client to install the key", static n => n.Install),
        NonceField.Bytes("dot11.eapol.nonce.nonce", "nonce", static n => n.Nonce),
    ]);
}

/// <summary>Fields of a kept frame.</summary>
internal static class PacketTable
{
    private const long NsPerSecond = 1_000_000_000;

    public static readonly RecordTable<PacketRecord> Table = new("packet",
    [
        PacketField.UInt64("kismet.packet.ts_sec", "unix second", static p => (ulong)(p.TimeNs / NsPerSecond)),
        PacketField.UInt64("kismet.packet.ts_usec", "microseconds within it", static p => (ulong)(p.TimeNs % NsPerSecond / 1000)),
        PacketField.UInt64("kismet.packet.dlt", "link type of the bytes", static p => p.LinkType),
        PacketField.UInt64("kismet.packet.source", "always 0, kept for older clients", static _ => 0),
        PacketField.Bytes("kismet.packet.data", "bytes of the frame", static p => p.Data),
    ]);

    /// <summary>Nanoseconds as seconds; printing keeps microseconds, as the original has them.</summary>
    internal static double Seconds(long timeNs) => timeNs / NsPerSecond + timeNs % NsPerSecond / 1000 / 1e6;
}
