using System.IO.Ports;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Gps;

namespace KismetOrleans.Engine.Gps;

/// <summary>Reads NMEA sentences, over TCP or from a serial port.</summary>
internal sealed class NmeaReader : GpsReader
{
    private const int DefaultBaud = 4800;
    private readonly Func<CancellationToken, Task<Stream>> _open;
    private NmeaFix _fix;

    public NmeaReader(GpsUnit unit, TimeProvider clock)
        : base(unit, clock)
    {
        GpsDefinition definition = unit.Definition;
        if (definition.Driver == GpsDrivers.Serial)
        {
            string device = definition["device"] ?? throw new Engine.Gps.GpsException($"gps '{definition.Text}': option device is missing");
            int baud = (int)definition.Number("baud", DefaultBaud, 50, 4_000_000);
            _open = _ => Task.FromResult(OpenPort(device, baud));
            return;
        }
        string host = definition["host"] ?? throw new Engine.Gps.GpsException($"gps '{definition.Text}': option host is missing");
        int port = (int)definition.Number("port", null, 1, ushort.MaxValue);
        _open = cancellation => ConnectAsync(host, port, cancellation);
    }

    protected override Task<Stream> OpenAsync(CancellationToken cancellation)
    {
        // What another life of the receiver said is not where it is.
        _fix = default;
        return _open(cancellation);
    }

    private static Stream OpenPort(string device, int baud)
    {
        SerialPort port = new();
        try
        {
            (port.PortName, port.BaudRate) = (device, baud);
            port.Open();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException)
        {
            // "Access is denied" is said of a port that is not there, too: why stands inside.
            throw new IOException($"{device}: {e.InnerException?.Message ?? e.Message}", e);
        }
        try
        {
            // Some receivers are silent while nobody says that he is there.
            (port.DtrEnable, port.RtsEnable) = (true, true);
        }
        catch (IOException)
        {
            // Ports that are made by software have no such lines.
        }
        return port.BaseStream;
    }

    protected override void Take(ReadOnlySpan<byte> line)
    {
        // Noise of a wrong baud rate, or a sentence cut at the start: neither is taken as a word of the receiver.
        if (NmeaSentence.TryRead(line, ref _fix, out bool isPosition) != ParseStatus.Ok)
        {
            return;
        }
        if (!isPosition)
        {
            Unit.Touch();
            return;
        }
        bool known = _fix.Fix >= 2;
        Unit.Report(new()
        {
            Latitude = known ? _fix.Latitude : 0,
            Longitude = known ? _fix.Longitude : 0,
            Altitude = _fix.Fix == 3 ? _fix.Altitude : 0,
            Fix = _fix.Fix,
            Speed = known ? _fix.Speed : 0,
            Heading = known ? _fix.Heading : 0,
            MagneticHeading = known ? _fix.MagneticHeading : 0,
            Seconds = (uint)(_fix.TimeNs / 1_000_000_000),
            Microseconds = (uint)(_fix.TimeNs % 1_000_000_000 / 1000),
        });
    }
}
