// RFC 5424: the syslog protocol; RFC 5426: over UDP; RFC 6587, 3.4.1: over TCP, with byte counting.
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using KismetOrleans.Records.Alerts;

namespace KismetOrleans.Grains.Alerts.Outlets;

/// <summary>Sends alerts as syslog messages: a datagram each, or one behind the other over a connection.</summary>
internal sealed class SyslogReceiver(Uri address, string host) : IAlertReceiver
{
    // Section 6.2.1, table 1: log audit is 13; security and authorization is 4, which is where rules about intrusions look.
    private const int Facility = 4;

    // RFC 5426, 3.2: what receivers should take.
    private const int MaxDatagram = 2048;

    // An enterprise number is for those who have one; this one is for documentation (RFC 5612).
    private const string ElementId = "alert@32473";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private TcpClient? _connection;
    private UdpClient? _datagrams;

    public string Name => $"Syslog {address.Host}:{address.Port}";

    public async Task DeliverAsync(AlertRecord alert, CancellationToken cancellation)
    {
        byte[] message = Encoding.UTF8.GetBytes(MessageOf(alert, host));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(s_timeout);
        if (address.Scheme == "udp")
        {
            _datagrams ??= new(address.Host, address.Port);
            _ = await _datagrams.SendAsync(message.AsMemory(0, CutAt(message, MaxDatagram)), limit.Token);
            return;
        }
        try
        {
            if (_connection is null || IsClosed(_connection))
            {
                _connection?.Dispose();
                _connection = new();
                await _connection.ConnectAsync(address.Host, address.Port, limit.Token);
            }
            byte[] framed = [.. Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture) + " "), .. message];
            await _connection.GetStream().WriteAsync(framed, limit.Token);
        }
        catch
        {
            _connection?.Dispose();
            _connection = null;
            throw;
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _datagrams?.Dispose();
    }

    /// <summary>The message of an alert from a host, without what frames it in a connection.</summary>
    public static string MessageOf(AlertRecord alert, string host)
    {
        string time = DateTimeOffset.UnixEpoch.AddMicroseconds(alert.Microseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"<{(Facility * 8) + LevelOf(alert.Severity)}>1 {time} {Word(host, 255)} kismet-orleans - {Word(alert.Alert.Header, 32)} [{ElementId}");
        Parameter(text, "class", alert.Class);
        Parameter(text, "bssid", alert.Alert.Bssid.IsZero ? "" : alert.Alert.Bssid.ToString());
        Parameter(text, "source", alert.Alert.Source.IsZero ? "" : alert.Alert.Source.ToString());
        Parameter(text, "dest", alert.Alert.Destination.IsZero ? "" : alert.Alert.Destination.ToString());
        Parameter(text, "other", alert.Alert.Other.IsZero ? "" : alert.Alert.Other.ToString());
        Parameter(text, "channel", alert.Alert.Channel);
        Parameter(text, "hash", alert.Hash.ToString(CultureInfo.InvariantCulture));
        return text.Append("] ").Append(OneLine(alert.Alert.Text)).ToString();
    }

    // Table 2: 2 critical, 3 error, 4 warning, 5 notice, 6 informational.
    private static int LevelOf(byte severity) => severity switch
    {
        >= AlertSeverity.Critical => 2,
        >= AlertSeverity.High => 3,
        >= AlertSeverity.Medium => 4,
        >= AlertSeverity.Low => 5,
        _ => 6,
    };

    // Section 6.3.3: what a value escapes.
    private static void Parameter(StringBuilder text, string name, string value)
    {
        if (value.Length == 0)
        {
            return;
        }
        text.Append(' ').Append(name).Append("=\"");
        foreach (char c in OneLine(value))
        {
            if (c is '"' or '\\' or ']')
            {
                text.Append('\\');
            }
            text.Append(c);
        }
        text.Append('"');
    }

    // Names come from the air: a line break in one must not make a second message.
    private static string OneLine(string text) => string.Create(text.Length, text, static (chars, from) =>
    {
        for (int i = 0; i < chars.Length; i++)
        {
            chars[i] = char.IsControl(from[i]) ? ' ' : from[i];
        }
    });

    // Section 6: printable US-ASCII without spaces, a dash for nothing.
    private static string Word(string text, int most)
    {
        string word = new([.. text.Where(static c => c is > ' ' and < '\u007F').Take(most)]);
        return word.Length > 0 ? word : "-";
    }

    // Not within a character.
    private static int CutAt(byte[] message, int most)
    {
        if (message.Length <= most)
        {
            return message.Length;
        }
        while (most > 0 && (message[most] & 0xC0) == 0x80)
        {
            most--;
        }
        return most;
    }

    // A receiver that went away is noticed by what can be read: nothing comes from it otherwise.
    private static bool IsClosed(TcpClient connection) =>
        !connection.Connected || (connection.Client.Poll(0, SelectMode.SelectRead) && connection.Client.Available == 0);
}
