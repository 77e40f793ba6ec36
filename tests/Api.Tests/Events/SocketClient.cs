using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace KismetOrleans.Api.Tests.Events;

/// <summary>A client of the websockets that speaks as stock clients do.</summary>
internal sealed class SocketClient : IDisposable
{
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private readonly byte[] _buffer = new byte[1 << 20];
    private Task<string?>? _pending;

    private SocketClient()
    {
    }

    /// <summary>The socket itself.</summary>
    public ClientWebSocket Socket { get; } = new();

    /// <summary>When a test has waited long enough.</summary>
    public CancellationToken Patience => _patience.Token;

    /// <summary>Opens a socket as the administrator.</summary>
    public static Task<SocketClient> OpenAsync(TestServer server, string path) =>
        OpenAsync(server, path, static options => options.SetRequestHeader("Authorization", Requests.Login.ToString()));

    /// <summary>Opens a socket.</summary>
    public static Task<SocketClient> OpenAsync(TestServer server, string path, Action<ClientWebSocketOptions> login) => OpenAsync(Address(server, path), login);

    /// <summary>Opens a socket.</summary>
    public static async Task<SocketClient> OpenAsync(Uri address, Action<ClientWebSocketOptions> login)
    {
        SocketClient client = new();
        login(client.Socket.Options);
        await client.Socket.ConnectAsync(address, client.Patience);
        return client;
    }

    /// <summary>Tries to open a socket that is refused.</summary>
    /// <returns>The status of the refusal.</returns>
    public static async Task<HttpStatusCode> RefusedAsync(TestServer server, string path, Action<ClientWebSocketOptions> login)
    {
        using SocketClient client = new();
        client.Socket.Options.CollectHttpResponseDetails = true;
        login(client.Socket.Options);
        _ = await Assert.ThrowsAsync<WebSocketException>(() => client.Socket.ConnectAsync(Address(server, path), client.Patience));
        return client.Socket.HttpStatusCode;
    }

    /// <summary>Sends a text.</summary>
    public Task SendAsync(string text) => Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Patience);

    /// <summary>Subscribes to topics, whole.</summary>
    public async Task SubscribeAsync(params string[] topics)
    {
        foreach (string topic in topics)
        {
            await SendAsync($$"""{"SUBSCRIBE":"{{topic}}"}""");
        }
    }

    /// <summary>Waits for a message.</summary>
    /// <returns>The text; null when the server has closed.</returns>
    public async Task<string?> ReceiveAsync()
    {
        int length = 0;
        while (true)
        {
            WebSocketReceiveResult part = await Socket.ReceiveAsync(new ArraySegment<byte>(_buffer, length, _buffer.Length - length), Patience);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }
            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            length += part.Count;
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(_buffer, 0, length);
            }
        }
    }

    /// <summary>Waits for a message of JSON.</summary>
    public async Task<JsonElement> ReceiveJsonAsync()
    {
        using JsonDocument document = JsonDocument.Parse(await ReceiveAsync() ?? throw new InvalidOperationException($"closed: {Socket.CloseStatusDescription}"));
        return document.RootElement.Clone();
    }

    /// <summary>Waits for an event with a content.</summary>
    public async Task<JsonElement> EventAsync(string content)
    {
        while (true)
        {
            JsonElement happened = await ReceiveJsonAsync();
            if (happened.TryGetProperty(content, out _))
            {
                return happened;
            }
        }
    }

    /// <summary>
    /// Subscribes to new devices too, and brings some until all of them are told: then every silo of a cluster knows what this client wants. Nothing
    /// acknowledges a subscription.
    /// </summary>
    /// <param name="server">Where to post them.</param>
    /// <param name="part">The third byte of their addresses.</param>
    /// <param name="field">The address's name, when this client has subscribed to new devices in a form of its own.</param>
    /// <returns>What else was told meanwhile.</returns>
    public Task<IReadOnlyList<JsonElement>> UntilSeenAsync(TestServer server, byte part = 0, string? field = null) =>
        UntilSeenAsync(devices => PostAsync(server, devices), part, field);

    /// <summary>The same, with another way to post them.</summary>
    public async Task<IReadOnlyList<JsonElement>> UntilSeenAsync(Func<string[], Task> post, byte part = 0, string? field = null)
    {
        if (field is null)
        {
            await SendAsync("""{"SUBSCRIBE":"NEW_DEVICE","fields":["kismet.device.base.macaddr"]}""");
        }
        List<JsonElement> others = [];
        for (int round = 0; ; round++)
        {
            HashSet<string> missing = [.. Enumerable.Range(0, 16).Select(i => $"02:EE:{part:X2}:{round:X2}:00:{i:X2}")];
            await post([.. missing]);
            DateTime until = DateTime.UtcNow.AddSeconds(2);
            while (missing.Count > 0 && DateTime.UtcNow < until)
            {
                JsonElement happened = await EventOrNothingAsync(until);
                if (happened.ValueKind == JsonValueKind.Object && happened.TryGetProperty("NEW_DEVICE", out JsonElement device))
                {
                    _ = missing.Remove(device.TryGetProperty(field ?? "kismet.device.base.macaddr", out JsonElement address) ? address.GetString()! : "");
                }
                else if (happened.ValueKind == JsonValueKind.Object)
                {
                    others.Add(happened);
                }
            }
            if (missing.Count == 0)
            {
                return others;
            }
        }
    }

    /// <summary>Posts a scan report of access points without names.</summary>
    public static Task PostAsync(TestServer server, params string[] addresses) => PostAsync(server.Client, "", addresses);

    /// <summary>Posts a scan report of access points without names, to a server by its address.</summary>
    public static async Task PostAsync(HttpClient http, string server, params string[] addresses)
    {
        string entries = string.Join(',', addresses.Select(static address => $$"""{"bssid":"{{address}}","signal":-50}"""));
        Answer answer = await http.CommandAsync(
            server + "/phy/phy80211/scan/scan_report.cmd", $$"""{"source_name":"phone","source_uuid":"00000000-0000-0000-0000-AABBCCDD0001","reports":[{{entries}}]}""");
        Assert.True(answer.Json.GetProperty("success").GetBoolean(), answer.Body);
    }

    public void Dispose()
    {
        Socket.Dispose();
        _patience.Dispose();
    }

    private async Task<JsonElement> EventOrNothingAsync(DateTime until)
    {
        _pending ??= ReceiveAsync();
        TimeSpan left = until - DateTime.UtcNow;
        if (left <= TimeSpan.Zero || await Task.WhenAny(_pending, Task.Delay(left)) != _pending)
        {
            return default;
        }
        using JsonDocument document = JsonDocument.Parse(await _pending ?? "{}");
        _pending = null;
        return document.RootElement.Clone();
    }

    private static Uri Address(TestServer server, string path) => new($"ws://127.0.0.1:{server.Address.Port}{path}");
}
