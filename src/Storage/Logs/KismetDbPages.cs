using KismetOrleans.Engine.Streams;
using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Json;
using KismetOrleans.Storage.Sqlite;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Logs;

/// <summary>
/// Gathers packets as finished rows of a kismetdb, which SQLite then takes over as they are. What stands in them is what
/// <see cref="KismetDbPackets"/> binds. Allocates nothing a packet.
/// </summary>
internal sealed class KismetDbPages
{
    // 2 MiB remain in the processor's caches until SQLite has taken them.
    private const int Leaves = 32;
    private const string UnknownPhy = "Unknown";

    // SQLite copies rows whole where both tables are alike and the statement says no more than this.
    private const string Copy = "INSERT INTO main.packets SELECT * FROM gathered.packets";
    private const string Schema = "gathered";
    private static readonly byte[][] s_phys = [.. Phy.All.Select(static phy => System.Text.Encoding.UTF8.GetBytes(phy.Name))];
    private static readonly byte[] s_unknown = System.Text.Encoding.UTF8.GetBytes(UnknownPhy);
    private readonly SqliteTableImage _image = new("packets", KismetDbSchema.Packets, Leaves);
    private readonly SqliteRecord _row = new();
    private readonly SqliteDatabase _database;
    private readonly ISourceDirectory _sources;
    private int _source = -1;
    private byte[] _uuid = [];

    /// <summary>Gathers for a database, outside of transactions.</summary>
    public KismetDbPages(SqliteDatabase database, ISourceDirectory sources)
    {
        (_database, _sources) = (database, sources);
        // By what is gathered it is replaced.
        database.Execute("ATTACH ':memory:' AS gathered");
    }

    public int Rows => _image.Rows;

    public long Bytes => _image.Bytes;

    /// <summary>Bytes of the row that was gathered last.</summary>
    public int RowBytes => _row.Length;

    /// <summary>Gathers a packet.</summary>
    /// <returns>False where there is no room for it: save what waits, and then, if it is still so, write it in another way.</returns>
    public bool TryAdd(in TappedPacket packet, in PacketDigest digest, ulong number)
    {
        ReadOnlySpan<byte> bytes = packet.Bytes;
        Encode(packet, digest, number, bytes.Length);
        if (_row.Length > SqliteTableImage.MaxRow)
        {
            return false;
        }
        Span<byte> place = _image.Add(_row.Length);
        if (place.IsEmpty)
        {
            return false;
        }
        _row.CopyTo(place, bytes);
        return true;
    }

    /// <summary>Writes what waits into the file, in a transaction of its own.</summary>
    /// <returns>Number of the last row; 0 where there was none.</returns>
    public long Save()
    {
        if (_image.Rows == 0)
        {
            return 0;
        }
        _database.Attach(Schema, _image);
        _database.Statement(Copy).Run();
        _image.Clear();
        return _database.LastRow;
    }

    // In the order of the table's columns.
    private void Encode(in TappedPacket packet, in PacketDigest digest, ulong number, int length)
    {
        SqliteRecord row = _row;
        row.Clear();
        row.Add(Math.DivRem(packet.TimeNs / 1000, 1_000_000, out long microseconds));
        row.Add(microseconds);
        row.AddText(digest.Phy < 0 ? s_unknown : s_phys[digest.Phy]);
        AddAddress(digest.Source);
        AddAddress(digest.Destination);
        AddAddress(digest.Transmitter);
        row.Add((long)digest.Radio.FrequencyKhz);
        row.AddText("0"u8);
        AddPosition(packet);
        row.Add(length);
        row.Add(digest.SignalDbm);
        row.AddText(Source(packet.Source));
        row.Add((long)packet.LinkType);
        row.AddLarge(length);
        row.Add(digest.Error ? 1L : 0);
        row.AddText(PacketTagTexts.Text(digest.Tags));
        row.Add(digest.Radio.Rate100Kbps / 10.0);
        // As Kismet has it: 32 bits with a sign.
        row.Add((long)(int)digest.Hash);
        row.Add((long)number);
        row.Add(packet.OriginalLength);
    }

    private void AddAddress(MacAddress address) => MacText.Write(address, _row.TextOf(MacText.LengthOf(address)));

    // Latitude, longitude, altitude, and speed and heading, which packets do not have.
    private void AddPosition(in TappedPacket packet)
    {
        _row.Add(packet.Fix == 0 ? 0 : packet.Latitude);
        _row.Add(packet.Fix == 0 ? 0 : packet.Longitude);
        _row.Add(packet.Fix == 3 ? packet.Altitude : 0.0);
        _row.Add(0L);
        _row.Add(0L);
    }

    private ReadOnlySpan<byte> Source(ushort number)
    {
        if (number != _source)
        {
            _source = number;
            _uuid = System.Text.Encoding.UTF8.GetBytes((_sources.Find(number)?.Uuid ?? Guid.Empty).ToString().ToUpperInvariant());
        }
        return _uuid;
    }
}
