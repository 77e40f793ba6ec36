using System.Diagnostics;
using System.Runtime.InteropServices;
using KismetOrleans.Packets.Sources;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Files;
using SharpPcap;
using SharpPcap.LibPcap;

namespace KismetOrleans.Packets.Live;

/// <summary>Live capture from a network interface.</summary>
internal sealed class LibpcapSource : IPacketSource
{
    /// <summary>
    /// How long to sleep when there is nothing to read. libpcap's own waiting cannot be cancelled on every system; the kernel's ring
    /// bridges 10 ms many times over.
    /// </summary>
    private const int IdleMilliseconds = 10;

    /// <summary>Counters are asked for no oftener than this.</summary>
    private static readonly TimeSpan StatisticsInterval = TimeSpan.FromSeconds(1);

    /// <summary>struct pcap_pkthdr: a timeval of two C longs (on macOS the second is an int, padded), then two 32-bit lengths.</summary>
    private static readonly int TimeFieldLength = Marshal.SizeOf<CLong>();

    /// <summary>Where in such a field its low 32 bits are.</summary>
    private static readonly int LowHalf = BitConverter.IsLittleEndian ? 0 : TimeFieldLength - 4;

    private readonly LibPcapLiveDevice _device;
    private readonly bool _nanoseconds;
    private long _statisticsTime;
    private uint _lastDropped;
    private long _dropped;
    private (nint Header, nint Bytes) _held;

    /// <summary>Opens an interface.</summary>
    /// <param name="settings">How; null for the defaults.</param>
    /// <exception cref="PacketSourceException">It cannot be opened; the message says why and what to do.</exception>
    public LibpcapSource(string name, LibpcapSettings? settings = null)
    {
        Interface = name;
        settings ??= new();
        _device = Libpcap.Call(() => Open(name, settings));
        int type = (int)_device.LinkType;
        // Below 105, numbers of the system and numbers of files differ for some types; none of those is of use here.
        LinkType = type is > 0 and <= ushort.MaxValue ? (LinkType)type : LinkType.None;
        _nanoseconds = _device.TimestampResolution == TimestampResolution.Nanosecond;
    }

    public LinkType LinkType { get; }

    public string Interface { get; }

    public string? Error { get; private set; }

    public double? Progress => null;

    public long Dropped => Volatile.Read(ref _dropped);

    public bool TryRead(PacketBatch batch, CancellationToken cancellation)
    {
        batch.Count = 0;
        batch.FilePosition = 0;
        int filled = 0;
        long start = Stopwatch.GetTimestamp();
        while (Error is null && batch.Count < batch.Packets.Length)
        {
            if (cancellation.IsCancellationRequested)
            {
                // What was read already is handed over first; the next call throws.
                if (batch.Count > 0)
                {
                    break;
                }
                throw new OperationCanceledException(cancellation);
            }
            if (_held.Header == 0)
            {
                int found = _device.GetNextPacketPointers(ref _held.Header, ref _held.Bytes);
                if (found < 0)
                {
                    _held = default;
                    Error = $"{Interface}: {_device.LastError}";
                    break;
                }
                if (found == 0)
                {
                    _held = default;
                    if (batch.Count > 0 || Stopwatch.GetElapsedTime(start) >= PacketSources.LongestSilence)
                    {
                        break;
                    }
                    cancellation.WaitHandle.WaitOne(IdleMilliseconds);
                    continue;
                }
            }
            // The packet stays where libpcap has it until the next one is asked for.
            if (!TryAdd(batch, ref filled))
            {
                break;
            }
            _held = default;
        }
        Count();
        return batch.Count > 0 || Error is null;
    }

    public void Dispose() => _device.Dispose();

    private bool TryAdd(PacketBatch batch, ref int filled)
    {
        // The unused half of a padded field is not defined, so that only 32 bits of the fraction count.
        uint seconds = unchecked((uint)Marshal.ReadInt32(_held.Header, LowHalf));
        uint fraction = unchecked((uint)Marshal.ReadInt32(_held.Header, TimeFieldLength + LowHalf));
        int length = Marshal.ReadInt32(_held.Header, 2 * TimeFieldLength);
        int original = Marshal.ReadInt32(_held.Header, 2 * TimeFieldLength + 4);
        if ((uint)length > CaptureLimits.MaxPacketLength)
        {
            Error = $"{Interface}: libpcap gave a packet of {(uint)length} bytes";
            return false;
        }
        if (length > batch.Bytes.Length - filled)
        {
            return batch.Count > 0 ? false : throw new ArgumentException($"The batch has no room for a packet of {length} bytes.", nameof(batch));
        }
        Marshal.Copy(_held.Bytes, batch.Bytes, filled, length);
        ref CapturedPacket packet = ref batch.Packets[batch.Count++];
        packet.TimeNs = CaptureTime.FromFraction(seconds, fraction, _nanoseconds, out packet.TimeOutOfRange);
        packet.LinkType = LinkType;
        packet.Offset = filled;
        packet.Length = length;
        packet.OriginalLength = original < 0 ? int.MaxValue : original;
        packet.Interface = 0;
        filled += length;
        return true;
    }

    /// <summary>Adds what was dropped since the last time; libpcap's counters have 32 bits and may go round.</summary>
    private void Count()
    {
        if (_statisticsTime != 0 && Stopwatch.GetElapsedTime(_statisticsTime) < StatisticsInterval)
        {
            return;
        }
        _statisticsTime = Stopwatch.GetTimestamp();
        if (Libpcap.Stats(_device.Handle, out Libpcap.Statistics statistics) == 0)
        {
            uint now = statistics.Dropped + statistics.DroppedByInterface;
            Volatile.Write(ref _dropped, _dropped + (now - _lastDropped));
            _lastDropped = now;
        }
    }

    private static LibPcapLiveDevice Open(string name, LibpcapSettings settings)
    {
        LibPcapLiveDevice device = LibpcapDevices.Find(name) ?? throw LibpcapErrors.Explain(name, PcapError.NoSuchDevice, "");
        try
        {
            device.Open(Configuration(name, settings));
            SetFilter(device, name, settings.Filter);
            device.NonBlockingMode = true;
        }
        catch (PcapException e)
        {
            // The device keeps libpcap's handle, and that the reason, until it is closed. Without a handle all that is known is what was thrown.
            PacketSourceException reason = LibpcapErrors.Explain(name, e.Error, device.Opened ? device.LastError : e.Message, e);
            device.Dispose();
            throw reason;
        }
        catch
        {
            device.Dispose();
            throw;
        }
        return device;
    }

    private static void SetFilter(LibPcapLiveDevice device, string name, string? filter)
    {
        if (filter is null)
        {
            return;
        }
        try
        {
            device.Filter = filter;
        }
        catch (PcapException e)
        {
            throw new PacketSourceException($"{name}: option filter: '{filter}' is no filter for this interface (libpcap: {device.LastError})", e);
        }
    }

    private static DeviceConfiguration Configuration(string name, LibpcapSettings settings)
    {
        DeviceConfiguration configuration = new()
        {
            Mode = settings.Promiscuous ? DeviceModes.Promiscuous : DeviceModes.None,
            Snaplen = settings.SnapLength,
            ReadTimeout = Math.Max(1, (int)settings.Timeout.TotalMilliseconds),
            BufferSize = settings.BufferBytes,
            Monitor = settings.Monitor ? MonitorMode.Active : null,
            TimestampResolution = TimestampResolution.Nanosecond,
        };
        configuration.ConfigurationFailed += (_, failed) =>
        {
            // Where the system has no nanoseconds the device says so once it is open.
            if (failed.Property != nameof(DeviceConfiguration.TimestampResolution))
            {
                throw LibpcapErrors.Explain(name, failed.Error, failed.Message);
            }
        };
        return configuration;
    }
}
