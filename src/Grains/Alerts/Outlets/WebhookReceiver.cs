using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Grains.Alerts.Outlets;

/// <summary>
/// Posts alerts as JSON, in the API's form. With a secret, <c>X-Signature-256</c> is <c>sha256=</c> and the HMAC-SHA256 over the value of
/// <c>X-Timestamp</c>, a dot and the body; <c>X-Alert-Id</c> is the same for each attempt at one alert.
/// </summary>
internal sealed class WebhookReceiver : IAlertReceiver
{
    // An attempt that takes longer is made again.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);
    private readonly Uri _address;
    private readonly byte[]? _secret;
    private readonly TimeProvider _clock;
    private readonly HttpClient _client;

    public WebhookReceiver(Uri address, string? secret, TimeProvider clock)
    {
        _address = address;
        _secret = string.IsNullOrEmpty(secret) ? null : Encoding.UTF8.GetBytes(secret);
        _clock = clock;
        // Where an alert goes is what is configured: it is not carried on to wherever the receiver points.
        _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = s_timeout };
    }

    // Without what may be a secret in its path or query.
    public string Name => $"Webhook {_address.Host}";

    public async Task DeliverAsync(AlertRecord alert, CancellationToken cancellation)
    {
        byte[] body = BodyOf(alert);
        string timestamp = _clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using HttpRequestMessage request = new(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Alert-Id", $"{alert.Microseconds}-{alert.Hash}");
        request.Headers.Add("X-Timestamp", timestamp);
        if (_secret is not null)
        {
            request.Headers.Add("X-Signature-256", SignatureOf(_secret, timestamp, body));
        }
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return;
        }
        string status = $"status {(int)response.StatusCode}";
        bool later = (int)response.StatusCode >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
        throw later ? new HttpRequestException(status) : new AlertRefusedException(status);
    }

    public void Dispose() => _client.Dispose();

    private static string SignatureOf(byte[] secret, string timestamp, byte[] body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, (byte[])[.. Encoding.ASCII.GetBytes(timestamp + "."), .. body]));

    private static byte[] BodyOf(AlertRecord alert)
    {
        using JsonOut body = new() { Context = new() { Now = (uint)(alert.Microseconds / 1_000_000) } };
        ObjectWriter.Write(body, AlertTable.Table, alert, RecordFormat.Json, null);
        return body.WrittenSpan.ToArray();
    }
}
