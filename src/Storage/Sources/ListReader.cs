using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Files;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Sources;

/// <summary>A list of devices as a file of scan reports. What cannot be read of it is counted; the first of it is told, with its place.</summary>
internal abstract class ListReader(ListFile file) : IReplayReader
{
    // The last whole one of an unsigned number of seconds.
    private const int LastYear = 2105;
    private readonly byte[] _report = new byte[ScanPackets.MostBytes];
    private int _length;
    private long _timeNs;
    private long _left;
    private string? _firstLeft;
    private string? _fault;
    private bool _ended;

    public LinkType LinkType => LinkType.ScanReport;

    public long Length => file.Length;

    public long FilePosition => file.Position;

    public string? Error => !_ended ? null : _fault ?? (_left == 0 ? null : $"{_left} entries left out, the first because {_firstLeft}");

    public bool TryRead(PacketBatch batch)
    {
        batch.Count = 0;
        int filled = 0;
        while (batch.Count < batch.Packets.Length && (_length > 0 || ReadOn()))
        {
            if (_length > batch.Bytes.Length - filled)
            {
                break;
            }
            _report.AsSpan(0, _length).CopyTo(batch.Bytes.AsSpan(filled));
            batch.Packets[batch.Count++] = new() { TimeNs = _timeNs, LinkType = LinkType.ScanReport, Offset = filled, Length = _length, OriginalLength = _length };
            filled += _length;
            _length = 0;
        }
        batch.FilePosition = FilePosition;
        return batch.Count > 0;
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        file.Dispose();
    }

    /// <summary>Reads the next device.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The rest cannot be read.</exception>
    protected abstract bool TryNext(out ScanSighting sighting);

    /// <summary>Reads an address in any usual form, which can be a device's.</summary>
    protected static bool TryAddress(string text, VirtualKind kind, out MacAddress address) =>
        MacAddress.TryParseAny(text, out address) && !address.IsZero && !address.IsExtended && !(kind == VirtualKind.WiFi && address.IsGroup);

    /// <summary>A time, nanoseconds since 1970; null for one that no device can have.</summary>
    protected static long? TimeOf(DateTime utc) => utc < DateTime.UnixEpoch || utc.Year > LastYear ? null : UnixTime.ToNs(utc);

    /// <summary>A frequency in kHz; 0 for one that is no radio's here.</summary>
    protected static uint FrequencyOf(uint mhz) => mhz is > 700 and < 100_000 ? mhz * 1000 : 0;

    /// <summary>Counts an entry that is left out.</summary>
    /// <param name="because">Where it is, and what is wrong.</param>
    protected void Leave(string because)
    {
        _left++;
        _firstLeft ??= because;
    }

    private bool ReadOn()
    {
        if (_ended)
        {
            return false;
        }
        try
        {
            if (TryNext(out ScanSighting sighting))
            {
                _timeNs = sighting.TimeNs;
                _length = ScanPackets.Write(_report, sighting);
                return true;
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or System.Xml.XmlException)
        {
            _fault = $"cannot be read on: {e.Message}";
        }
        _ended = true;
        return false;
    }
}
