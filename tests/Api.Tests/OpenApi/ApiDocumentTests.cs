using System.Net;
using System.Text.Json;
using KismetOrleans.Api.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace KismetOrleans.Api.Tests.OpenApi;

/// <summary>The document of the API: valid, whole, and as the server answers.</summary>
public sealed class ApiDocumentTests
{
    [Fact]
    public async Task Every_route_is_described_and_the_document_is_valid()
    {
        await using TestServer server = await TestServer.StartAsync();
        RouteEndpoint[] routes = [.. ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>()];
        Assert.Empty(routes.Where(static route => route.Metadata.GetMetadata<Operation>() is null && route.Metadata.GetMetadata<Unlisted>() is null)
            .Select(static route => route.RoutePattern.RawText));

        Answer answer = await server.Anonymous.AskAsync(OpenApiEndpoints.Path);
        Assert.StartsWith("3.1.", answer.Ok().Json.Text("openapi"), StringComparison.Ordinal);
        using MemoryStream bytes = new(System.Text.Encoding.UTF8.GetBytes(answer.Body));
        ReadResult read = await OpenApiDocument.LoadAsync(bytes, "json");
        Assert.Empty(read.Diagnostic!.Errors.Select(static error => error.ToString()));
        Assert.NotNull(read.Document);
        Assert.Empty(read.Document.Validate(ValidationRuleSet.GetDefaultRuleSet()).Select(static error => error.ToString()));
        Assert.Equal(
            routes.Where(static route => route.Metadata.GetMetadata<Operation>() is not null)
                .Sum(static route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Count ?? 1),
            read.Document.Paths.Sum(static path => path.Value.Operations!.Count));
        Assert.Equal(
            read.Document.Paths.Sum(static path => path.Value.Operations!.Count),
            read.Document.Paths.SelectMany(static path => path.Value.Operations!.Values).Select(static one => one.OperationId).Distinct().Count());
    }

    [Fact]
    public async Task Answers_are_what_the_document_says()
    {
        using ProbeFile file = ProbeFile.Create(3);
        await using TestServer server = await TestServer.ReplayAsync(file.Path);
        JsonElement document = (await server.Client.AskAsync(OpenApiEndpoints.Path)).Ok().Json;
        int answered = 0;
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            if (!path.Value.TryGetProperty("get", out JsonElement operation) || path.Name.Replace("{format}", "", StringComparison.Ordinal).Contains('{')
                || operation.Text("x-role") == "admin" || !operation.GetProperty("responses").TryGetProperty("200", out JsonElement response)
                || !response.GetProperty("content").TryGetProperty("application/json", out JsonElement content))
            {
                continue;
            }
            string asked = path.Name.Replace("{format}", "json", StringComparison.Ordinal);
            Answer answer = await server.Client.AskAsync(asked);
            if (asked is "/devices/all_devices.json" or "/alerts/alerts_view.json" or "/logging/kismetdb/packets/histogram.json" or "/logging/kismetdb/packets/packets.json")
            {
                // Those that are not answered like this: lines alone, not without a command, not without a log.
                Assert.NotEqual(HttpStatusCode.OK, answer.Status);
                continue;
            }
            if (content.TryGetProperty("schema", out JsonElement schema))
            {
                Assert.Null(Fault(answer.Ok().Json, schema, document, asked));
                answered++;
            }
        }
        Assert.True(answered > 25, $"only {answered} answers were looked at");
        JsonElement device = (await server.Client.AskAsync("/devices/views/all/devices.json")).Ok().List[0];
        JsonElement record = JsonDocument.Parse("""{"$ref":"#/components/schemas/device"}""").RootElement;
        Assert.Null(Fault(device, record, document, "device"));
        Assert.NotNull(Fault(JsonDocument.Parse("""{"kismet.device.base.channel":6}""").RootElement, record, document, "device"));
        Assert.NotNull(Fault(JsonDocument.Parse("""{"unknown":6}""").RootElement, record, document, "device"));
    }

    [Theory]
    [InlineData("json")]
    [InlineData("tjson")]
    [InlineData("ekjson")]
    [InlineData("itjson")]
    [InlineData("prettyjson")]
    public async Task A_field_is_of_one_type_in_every_device_and_source_of_every_form(string suffix)
    {
        string[] captures = [Repository.Campus, .. SharedMaterial.Root is { } shared ? Directory.GetFiles(Path.Combine(shared, "captures"), "*.pcap*") : []];
        await using TestServer server = await TestServer.ReplayAsync(captures);
        JsonElement document = (await server.Client.AskAsync(OpenApiEndpoints.Path)).Ok().Json;
        foreach ((string path, string table) in new[] { ("/devices/last-time/0/devices.", "device"), ("/datasource/all_sources.", "datasource"), ("/alerts/all_alerts.", "alert") })
        {
            Answer answer = (await server.Client.AskAsync(path + suffix)).Ok();
            JsonElement[] records = suffix is "ekjson" or "itjson" ? answer.Lines : answer.List;
            Assert.NotEmpty(records);
            JsonElement schema = JsonDocument.Parse($$"""{"$ref":"#/components/schemas/{{table}}"}""").RootElement;
            Assert.All(records, record => Assert.Null(Fault(record, schema, document, table, suffix)));
        }
    }

    [Fact]
    public async Task The_page_shows_paths_and_records()
    {
        await using TestServer server = await TestServer.StartAsync();
        Answer page = await server.Anonymous.AskAsync("/api.html");
        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (page.Status, page.ContentType));
        Assert.Contains("/devices/views/{view}/devices.{format}", page.Body, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#record-device\">device</a>", page.Body, StringComparison.Ordinal);
        Assert.Contains("kismet.device.base.macaddr", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Body, StringComparison.Ordinal);
    }

    // Where an answer departs from its schema; null where it does not. Fields that no table names are faults, too.
    private static string? Fault(JsonElement value, JsonElement schema, JsonElement document, string place, string suffix = "json")
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            return Fault(value, document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), document, place, suffix);
        }
        if (schema.TryGetProperty("allOf", out JsonElement all))
        {
            return all.EnumerateArray().Select(one => Fault(value, one, document, place, suffix)).FirstOrDefault(static fault => fault is not null);
        }
        if (schema.TryGetProperty("oneOf", out JsonElement choices))
        {
            string?[] faults = [.. choices.EnumerateArray().Select(one => Fault(value, one, document, place, suffix))];
            return faults.Contains(null) ? null : faults[0];
        }
        if (!schema.TryGetProperty("type", out JsonElement type))
        {
            return null;
        }
        bool fits = type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && !value.GetRawText().Contains('.', StringComparison.Ordinal),
            // A point always, so that programs that take types from the first document they see take the right one.
            "number" => value.ValueKind == JsonValueKind.Number && value.GetRawText().Contains('.', StringComparison.Ordinal),
            _ => false,
        };
        if (!fits)
        {
            return $"{place}: {value.GetRawText()} is no {type}";
        }
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().Select((one, i) => Fault(one, schema.GetProperty("items"), document, $"{place}[{i}]", suffix)).FirstOrDefault(static fault => fault is not null);
        }
        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (suffix == "prettyjson" && member.Name.StartsWith("description.", StringComparison.Ordinal))
            {
                continue;
            }
            if (schema.TryGetProperty("properties", out JsonElement fields) && Find(fields, member.Name, suffix) is { } field)
            {
                if (Fault(member.Value, field, document, $"{place}/{member.Name}", suffix) is { } fault)
                {
                    return fault;
                }
            }
            else if (!schema.TryGetProperty("additionalProperties", out JsonElement values))
            {
                return $"{place}/{member.Name}: no such field";
            }
            else if (Fault(member.Value, values, document, $"{place}/{member.Name}", suffix) is { } fault)
            {
                return fault;
            }
        }
        return null;
    }

    private static JsonElement? Find(JsonElement fields, string name, string suffix)
    {
        if (suffix is "ekjson" or "tjson")
        {
            return fields.EnumerateObject().Where(field => field.Name.Replace('.', '_') == name).Select(static field => (JsonElement?)field.Value).FirstOrDefault();
        }
        return fields.TryGetProperty(name, out JsonElement found) ? found : null;
    }
}
