using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace KismetOrleans.Api.Tests;

/// <summary>An answer, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ContentType, string Body, HttpResponseMessage Message)
{
    /// <summary>The body as one JSON value.</summary>
    public JsonElement Json => Parse(Body);

    /// <summary>The elements of a body that is one array.</summary>
    public JsonElement[] List => [.. Json.EnumerateArray()];

    /// <summary>The objects of a body of lines. Every line must end.</summary>
    public JsonElement[] Lines
    {
        get
        {
            Assert.True(Body.Length == 0 || Body[^1] == '\n', "the last line must end");
            return [.. Body.Split('\n')[..^1].Select(Parse)];
        }
    }

    /// <summary>Fails unless the answer is JSON with status 200.</summary>
    public Answer Ok()
    {
        Assert.True(Status == HttpStatusCode.OK, $"{(int)Status}: {Body}");
        Assert.Equal("application/json", ContentType);
        return this;
    }

    /// <summary>Fails unless the answer is a status with a line of text under JSON's content type, as Kismet sends errors.</summary>
    public void Error(HttpStatusCode status, string text)
    {
        Assert.Equal(status, Status);
        Assert.Equal("application/json", ContentType);
        Assert.Equal(text + "\n", Body);
    }

    /// <summary>Fails unless the answer is the error of a data query.</summary>
    public void QueryError(string text) => Error(HttpStatusCode.InternalServerError, "ERROR: " + text);

    /// <summary>Fails unless the answer refuses a malformed command and says where.</summary>
    public void Refused(string text) => Error(HttpStatusCode.BadRequest, "Invalid request: " + text);

    /// <summary>Fails unless the answer is the HTML page of a status.</summary>
    public void Page(HttpStatusCode status, string title)
    {
        Assert.Equal(status, Status);
        Assert.Equal("text/html", ContentType);
        Assert.StartsWith($"<html><head><title>{title}</title></head><body><h1>{title}</h1><p><code>", Body, StringComparison.Ordinal);
    }

    /// <summary>Fails unless the answer is the page of an unknown path.</summary>
    public void NotFound() => Page(HttpStatusCode.NotFound, "404 Not Found");

    private static JsonElement Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}

/// <summary>Requests in the forms that Kismet's clients use.</summary>
internal static class Requests
{
    /// <summary>Settings by which a server has the administrator of <see cref="Login"/>.</summary>
    public static string[] LoginSettings { get; } = ["--Auth:Username", "kismet", "--Auth:Password", "kismet"];

    /// <summary>The administrator's login.</summary>
    public static AuthenticationHeaderValue Login { get; } = Basic("kismet", "kismet");

    /// <summary>User and password as a header.</summary>
    public static AuthenticationHeaderValue Basic(string username, string password) =>
        new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{username}:{password}")));

    /// <summary>A client that keeps no cookies of its own.</summary>
    public static HttpClient NewClient(Uri address, TimeSpan timeout) =>
        new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address, Timeout = timeout };

    /// <summary>Asks.</summary>
    public static Task<Answer> AskAsync(this HttpClient client, string path) => client.SendAsync(HttpMethod.Get, path, null);

    /// <summary>Posts a command as the form variable <c>json</c>, with other variables beside it.</summary>
    public static Task<Answer> CommandAsync(this HttpClient client, string path, string json, params (string Name, string Value)[] variables)
    {
        IEnumerable<KeyValuePair<string, string>> form =
            [KeyValuePair.Create("json", json), .. variables.Select(static v => KeyValuePair.Create(v.Name, v.Value))];
        return client.SendAsync(HttpMethod.Post, path, new FormUrlEncodedContent(form));
    }

    /// <summary>Sends.</summary>
    public static async Task<Answer> SendAsync(this HttpClient client, HttpMethod method, string path, HttpContent? content)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        using HttpResponseMessage response = await client.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        return new(response.StatusCode, response.Content.Headers.ContentType?.ToString(), body, response);
    }

    /// <summary>A member's text.</summary>
    public static string Text(this JsonElement record, string name) => record.GetProperty(name).GetString()!;

    /// <summary>A member's number.</summary>
    public static long Number(this JsonElement record, string name) => record.GetProperty(name).GetInt64();

    /// <summary>A member's number that can have a fraction.</summary>
    public static double Real(this JsonElement record, string name) => record.GetProperty(name).GetDouble();
}
