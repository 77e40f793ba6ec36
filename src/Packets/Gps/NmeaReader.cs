using System.IO.Ports;
using KismetOrleans.Wire;
using KismetOrleans.Wire.Gps;

namespace KismetOrleans.Packets.Gps;

/// <summary>Reads NMEA sentences, over TCP or from a serial port.</summary>
internal sealed class NmeaReader : GpsReader
{
    private const int DefaultBaud = 4800;
    private readonly Func<CancellationToken, Task<Stream>> _open;
    private NmeaFix _fix;

    public NmeaReader(GpsDefinition definition, IGpsListener listener, TimeProvider clock)
        : base(definition, listener, clock)
    {
        if (definition.Kind == GpsKind.Serial)
        {
            string device = definition["device"] ?? throw new GpsException($"gps '{definition.Text}': option device is missing");
            int baud = (int)definition.Number("baud", DefaultBaud, 50, 4_000_000);
            _open = _ => Task.FromResult(OpenPort(device, baud));
            return;
        }
        string host = definition["host"] ?? throw new GpsException($"gps '{definition.Text}': option host is missing");
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
            // Some receivers are silent until somebody raises these.
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
        // Noise of a wrong baud rate, or a sentence cut at the start: neither is a report of the receiver.
        if (NmeaSentence.TryRead(line, ref _fix, out bool isPosition) != ParseStatus.Ok)
        {
            return;
        }
        if (!isPosition)
        {
            Listener.Touch();
            return;
        }
        bool known = _fix.Fix >= 2;
        Listener.Report(new GpsFix
        {
            Latitude = known ? _fix.Latitude : 0,
            Longitude = known ? _fix.Longitude : 0,
            Altitude = _fix.Fix == 3 ? _fix.Altitude : 0,
            Fix = _fix.Fix,
            Speed = known ? _fix.Speed : 0,
            Heading = known ? _fix.Heading : 0,
            MagneticHeading = known ? _fix.MagneticHeading : 0,
            TimeNs = _fix.TimeNs,
        });
    }
}
