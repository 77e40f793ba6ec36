using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using KismetOrleans.Capture.Edge.Sending;

namespace KismetOrleans.Capture.Edge.Joining;

/// <summary>What a server answered to who wants a key.</summary>
/// <param name="State">The key; null where there is none.</param>
/// <param name="Error">Why there is none, fit for the log.</param>
/// <param name="IsRefused">Whether asking again is of no use until somebody does something.</param>
/// <param name="RetryAfter">The pause that the server asked for.</param>
internal sealed record KeyAnswer(JoinedState? State, string Error = "", bool IsRefused = false, TimeSpan RetryAfter = default);

/// <summary>Asks a server for keys.</summary>
internal sealed class KeyClient(TimeProvider time)
{
    private const int MaxAnswer = 64 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    /// <summary>Exchanges a join token for a key.</summary>
    /// <param name="address">Where, and the token.</param>
    /// <param name="name">Name to ask for.</param>
    public Task<KeyAnswer> JoinAsync(JoinAddress address, string name, CancellationToken cancellation)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            json.WriteString("token", address.Token);
            json.WriteString("name", name);
            json.WriteEndObject();
        }
        return AskAsync(
            address.Server, "/auth/join.json", Encoding.UTF8.GetString(body.ToArray()), null, address.Pins,
            new(address.Server, "", "", address.Pins, JoinedState.DigestOf(address.Token), 0, 0), cancellation);
    }

    /// <summary>Renews a key.</summary>
    /// <param name="server">One of the servers that know it.</param>
    public Task<KeyAnswer> RenewAsync(Uri server, JoinedState state, CancellationToken cancellation) =>
        AskAsync(server, "/auth/renew.json", "{}", state.Key, state.Pins, state, cancellation);

    private async Task<KeyAnswer> AskAsync(Uri server, string path, string body, string? key, IReadOnlyList<string> pins, JoinedState before, CancellationToken cancellation)
    {
        PinnedServer? pinned = PinnedServer.Of(pins);
        using SocketsHttpHandler handler = new() { AllowAutoRedirect = false };
        pinned?.Guard(handler);
        using HttpClient client = new(handler) { Timeout = s_timeout, MaxResponseContentBufferSize = MaxAnswer };
        Uri place = new UriBuilder(server)
        {
            Scheme = server.Scheme is "https" or "wss" ? "https" : "http",
            Path = server.AbsolutePath.TrimEnd('/') + path,
            Fragment = "",
        }.Uri;
        using HttpRequestMessage request = new(HttpMethod.Post, place) { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        try
        {
            using HttpResponseMessage response = await client.SendAsync(request, cancellation);
            string text = await response.Content.ReadAsStringAsync(cancellation);
            return response.IsSuccessStatusCode ? new(Read(text, before, now)) : Refusal(server, response, text);
        }
        catch (HttpRequestException e)
        {
            return pinned?.Fault is { } fault ? new(null, $"{server}: {fault}", IsRefused: true) : new(null, $"{server} cannot be reached: {Innermost(e)}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(null, $"{server} does not answer");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new(null, $"{place} does not answer with a key: is this a KismetOrleans server of this version?", IsRefused: true);
        }
    }

    private static JoinedState Read(string text, JoinedState before, long now)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        JsonElement root = document.RootElement;
        string[] pins = root.GetProperty("kismet.sensorkey.pins").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return before with
        {
            Name = root.GetProperty("kismet.sensorkey.name").GetString()!,
            Key = root.GetProperty("kismet.sensorkey.key").GetString()!,
            // Who joined without pins was to trust what the system trusts.
            Pins = before.Pins.Count > 0 ? pins : [],
            Made = now,
            Life = root.GetProperty("kismet.sensorkey.life").GetInt64(),
        };
    }

    private static KeyAnswer Refusal(Uri server, HttpResponseMessage response, string text)
    {
        int status = (int)response.StatusCode;
        string first = text.Split('\n')[0].Trim();
        string reason = first.Length > 0 && first[0] != '<' ? $": {first[..Math.Min(first.Length, 200)]}"
            : response.StatusCode == HttpStatusCode.Unauthorized ? ": the key was revoked or has expired; join again with a new token (--join)" : "";
        return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || status >= 500
            ? new(null, string.Create(CultureInfo.InvariantCulture, $"{server} answers {status}{reason}"), RetryAfter: response.Headers.RetryAfter?.Delta ?? default)
            : new(null, string.Create(CultureInfo.InvariantCulture, $"{server} refuses ({status}){reason}"), IsRefused: true);
    }

    private static string Innermost(Exception e)
    {
        for (; e.InnerException is not null && e is not SocketException; e = e.InnerException)
        {
        }
        return e.Message;
    }
}
