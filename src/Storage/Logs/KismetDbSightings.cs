using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Sqlite;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// Writes where and how strongly a Bluetooth device was seen into the table <c>data</c>, where Kismet's tools look for it: among packets they take every
/// device for a Wi-Fi network. A row for each device and second at most, and none without a place, which is all that these rows are for.
/// </summary>
internal sealed class KismetDbSightings(SqliteDatabase database, ISourceDirectory sources)
{
    private const string Insert =
        "INSERT INTO data (ts_sec, ts_usec, phyname, devmac, lat, lon, alt, speed, heading, datasource, type, json, signal) "
        + "VALUES (?, ?, ?, ?, ?, ?, ?, 0.0, 0.0, ?, 'Sighting', '{}', ?)";

    private readonly DeviceThrottle _throttle = new(TimeSpan.FromSeconds(1));
    private int _source = -1;
    private string _uuid = "";

    /// <summary>Whether a packet makes a row.</summary>
    public bool IsDue(in TappedPacket packet, in PacketDigest digest) =>
        (digest.Phy == Phy.Btle.Id || digest.Phy == Phy.Bluetooth.Id) && packet.Fix >= 2 && (packet.Latitude != 0 || packet.Longitude != 0)
        && !digest.Error && !digest.Source.IsZero && _throttle.IsDue(new(Phy.All[digest.Phy], digest.Source), packet.TimeNs);

    /// <summary>Writes the row, in a transaction that is open.</summary>
    public void Write(in TappedPacket packet, in PacketDigest digest)
    {
        if (packet.Source != _source)
        {
            _source = packet.Source;
            _uuid = (sources.Find(packet.Source)?.Uuid ?? Guid.Empty).ToString().ToUpperInvariant();
        }
        Span<byte> address = stackalloc byte[MacText.MaxLength];
        (long seconds, long microseconds) = Math.DivRem(packet.TimeNs / 1000, 1_000_000);
        database.Statement(Insert).Bind(seconds).Bind(microseconds).Bind(Phy.All[digest.Phy].Name)
            .BindText(address[..MacText.Write(digest.Source, address)]).Bind(packet.Latitude).Bind(packet.Longitude)
            .Bind(packet.Fix == 3 ? packet.Altitude : 0.0).Bind(_uuid).Bind((long)digest.SignalDbm).Run();
    }
}
