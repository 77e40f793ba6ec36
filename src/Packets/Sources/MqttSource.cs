using System.Buffers;
using System.Globalization;
using System.Net.Sockets;
using System.Threading.Channels;
using KismetOrleans.Wire;
using MQTTnet;
using MQTTnet.Exceptions;

namespace KismetOrleans.Packets.Sources;

/// <summary>Reports of rtl_433 from an MQTT broker (<c>mqtt://host/topic</c>), each a packet of the link type <see cref="LinkType.JsonReport"/>.</summary>
internal sealed class MqttSource : IPacketSource
{
    // What a report is of, as in its packet's first byte: rtl_433's.
    private const byte Rtl433 = 1;

    // Some seconds of a busy broker; beyond, the oldest make room.
    private const int MaxWaiting = 8192;
    private const int MaxReport = 4096;
    private static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10);
    private readonly TimeProvider _time;
    private readonly IMqttClient _client;
    private readonly Channel<byte[]> _waiting;
    private long _dropped;
    private volatile string? _error;

    /// <summary>Connects and subscribes.</summary>
    /// <exception cref="PacketSourceException">It cannot; the message says why.</exception>
    public MqttSource(SourceDefinition definition, TimeProvider? time = null)
    {
        Interface = definition.Interface;
        _time = time ?? TimeProvider.System;
        _waiting = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _dropped));
        MqttPlace place = MqttPlace.Of(definition);
        MqttClientOptionsBuilder options = new MqttClientOptionsBuilder()
            .WithTcpServer(place.Host, place.Port).WithTimeout(s_connectWithin).WithCleanSession().WithClientId($"kismetorleans-{Guid.NewGuid():N}")
            .WithTlsOptions(tls => tls.UseTls(place.IsEncrypted));
        if (place.User is { } user)
        {
            options = options.WithCredentials(user, place.Password);
        }
        _client = new MqttClientFactory().CreateMqttClient();
        _client.ApplicationMessageReceivedAsync += TakeAsync;
        _client.DisconnectedAsync += EndAsync;
        try
        {
            ConnectAsync(options.Build(), place.Topic).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is MqttCommunicationException or SocketException or OperationCanceledException or IOException or InvalidOperationException)
        {
            _client.Dispose();
            throw new PacketSourceException($"{place.Host}:{place.Port}: no broker takes it: {(e is OperationCanceledException ? $"no answer within {s_connectWithin.TotalSeconds} s" : e.Message)}", e);
        }
    }

    public LinkType LinkType => LinkType.JsonReport;

    public string Interface { get; }

    public string? Error { get; private set; }

    public double? Progress => null;

    public long Dropped => Volatile.Read(ref _dropped);

    public bool TryRead(PacketBatch batch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        batch.Count = 0;
        batch.FilePosition = 0;
        int filled = 0;
        if (!_waiting.Reader.TryPeek(out _))
        {
            if (_error is not null)
            {
                Error = _error;
                return false;
            }
            using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            silence.CancelAfter(PacketSources.LongestSilence);
            try
            {
                _ = _waiting.Reader.WaitToReadAsync(silence.Token).AsTask().GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                cancellation.ThrowIfCancellationRequested();
                return true;
            }
        }
        while (batch.Count < batch.Packets.Length && batch.Bytes.Length - filled > MaxReport && _waiting.Reader.TryRead(out byte[]? report))
        {
            batch.Bytes[filled] = Rtl433;
            report.CopyTo(batch.Bytes, filled + 1);
            batch.Packets[batch.Count++] = new() { TimeNs = _time.NowNs(), LinkType = LinkType.JsonReport, Offset = filled, Length = report.Length + 1, OriginalLength = report.Length + 1 };
            filled += report.Length + 1;
        }
        return true;
    }

    public void Dispose()
    {
        _client.DisconnectedAsync -= EndAsync;
        _client.Dispose();
    }

    private async Task ConnectAsync(MqttClientOptions options, string topic)
    {
        using CancellationTokenSource limit = new(s_connectWithin);
        MqttClientConnectResult connected = await _client.ConnectAsync(options, limit.Token).ConfigureAwait(false);
        if (connected.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new IOException($"{connected.ResultCode} {connected.ReasonString}".TrimEnd());
        }
        _ = await _client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topic).Build(), limit.Token).ConfigureAwait(false);
    }

    private Task TakeAsync(MqttApplicationMessageReceivedEventArgs message)
    {
        ReadOnlySequence<byte> payload = message.ApplicationMessage.Payload;
        if (payload.Length is > 0 and < MaxReport)
        {
            _ = _waiting.Writer.TryWrite(payload.ToArray());
        }
        else
        {
            _ = Interlocked.Increment(ref _dropped);
        }
        return Task.CompletedTask;
    }

    private Task EndAsync(MqttClientDisconnectedEventArgs end)
    {
        _error = string.Create(CultureInfo.InvariantCulture, $"{Interface}: the broker's connection ended: {end.ReasonString ?? end.Exception?.Message ?? end.Reason.ToString()}");
        return Task.CompletedTask;
    }
}

/// <summary>A broker and a topic, as definitions write them: <c>mqtt://[user@]host[:port][/topic]</c>, <c>mqtts://…</c> with TLS.</summary>
internal sealed record MqttPlace(string Host, int Port, bool IsEncrypted, string Topic, string? User, string? Password)
{
    private const string Scheme = "mqtt://";
    private const string SecureScheme = "mqtts://";
    private const int PlainPort = 1883;
    private const int SecurePort = 8883;

    // Where rtl_433 publishes unless it is told otherwise.
    private const string UsualTopic = "rtl_433/+/events";

    public static bool Is(SourceDefinition definition) =>
        (definition.Type is null || definition.Type.Equals(PacketSources.MqttType, StringComparison.OrdinalIgnoreCase))
        && (definition.Interface.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || definition.Interface.StartsWith(SecureScheme, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="PacketSourceException">It says none.</exception>
    public static MqttPlace Of(SourceDefinition definition)
    {
        if (!Uri.TryCreate(definition.Interface, UriKind.Absolute, out Uri? uri) || uri.Host.Length == 0)
        {
            throw new PacketSourceException($"source '{definition}': mqtt://broker.example.org/rtl_433/+/events is a broker with a topic");
        }
        if (uri.UserInfo.Contains(':'))
        {
            throw new PacketSourceException("mqtt://: a password in a definition is seen by all who see the source: passwordfile=/path has it");
        }
        // The path as it stands: a topic's + and # mean something.
        int slash = definition.Interface.IndexOf('/', definition.Interface.IndexOf("://", StringComparison.Ordinal) + 3);
        string topic = slash < 0 || slash == definition.Interface.Length - 1 ? UsualTopic : definition.Interface[(slash + 1)..];
        bool secure = definition.Interface.StartsWith(SecureScheme, StringComparison.OrdinalIgnoreCase);
        string? user = uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(uri.UserInfo) : null;
        return new(uri.Host, uri.IsDefaultPort || uri.Port < 0 ? secure ? SecurePort : PlainPort : uri.Port, secure, topic, user, PasswordOf(definition));
    }

    private static string? PasswordOf(SourceDefinition definition)
    {
        if (!definition.Options.TryGetValue("passwordfile", out string? file))
        {
            return null;
        }
        try
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PacketSourceException($"source '{definition}': option passwordfile: {e.Message}", e);
        }
    }
}
