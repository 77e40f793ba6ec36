using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.OpenApi;

namespace KismetOrleans.Api.OpenApi;

/// <summary>The document of the API as one page without scripts: paths by group, then records.</summary>
internal static class ApiPage
{
    private const string Style =
        "body{font:15px/1.45 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem 1.5rem;color:#1b1f24;background:#fff}"
        + "h1{font-size:1.6rem}h2{margin:2.2rem 0 .4rem;font-size:1.2rem;border-bottom:1px solid #d5dae0}h3{margin:1.4rem 0 .3rem;font:600 1rem ui-monospace,monospace}"
        + "nav a{margin-right:.9rem}a{color:#0b57a4}code{font:13px ui-monospace,monospace}table{border-collapse:collapse;width:100%}"
        + "td,th{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #eceff2}details{margin:.2rem 0}"
        + "td:first-child{width:11rem}td:nth-child(2){width:9rem}.verb{font:600 12px ui-monospace,monospace;color:#fff;background:#3a6ea5;border-radius:3px;padding:.1rem .4rem;margin-right:.4rem}.POST{background:#8a5a00}"
        + ".role{color:#5c6670;font-size:13px;margin-left:.5rem}"
        + "@media(prefers-color-scheme:dark){body{color:#d9dee4;background:#14181d}a{color:#7ab7f0}td,th{border-color:#2a3038}h2{border-color:#39414b}.role{color:#98a3ae}}";

    /// <summary>What the page may load (CSP Level 3): its one style, and the empty icon.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Of(OpenApiDocument document)
    {
        StringBuilder page = new();
        page.Append("<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><link rel=icon href=\"data:,\"><title>")
            .Append(Text(document.Info.Title)).Append(": API</title><style>").Append(Style).Append("</style></head><body><h1>")
            .Append(Text(document.Info.Title)).Append(' ').Append(Text(document.Info.Version)).Append(": API</h1><p>").Append(Text(document.Info.Description))
            .Append(" For programs: <a href=\"openapi.json\">OpenAPI 3.1</a>.</p><nav>");
        IGrouping<string, KeyValuePair<string, IOpenApiPathItem>>[] groups =
            [.. document.Paths.GroupBy(static path => path.Key.Split('/')[1]).OrderBy(static group => group.Key, StringComparer.Ordinal)];
        foreach (IGrouping<string, KeyValuePair<string, IOpenApiPathItem>> group in groups)
        {
            page.Append(CultureInfo.InvariantCulture, $"<a href=\"#{Text(group.Key)}\">{Text(group.Key)}</a> ");
        }
        page.Append("<a href=\"#records\">Records</a></nav>");
        foreach (IGrouping<string, KeyValuePair<string, IOpenApiPathItem>> group in groups)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2 id=\"{Text(group.Key)}\">{Text(group.Key)}</h2>");
            foreach ((string path, IOpenApiPathItem item) in group)
            {
                // GET and POST of a path do the same; the latter takes more.
                HttpMethod[] verbs = [.. item.Operations!.Keys];
                Add(page, path, verbs, item.Operations![verbs.Contains(HttpMethod.Post) ? HttpMethod.Post : verbs[0]]);
            }
        }
        page.Append("<h2 id=records>Records</h2>");
        foreach ((string name, IOpenApiSchema schema) in document.Components!.Schemas!.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            page.Append(CultureInfo.InvariantCulture, $"<h3 id=\"record-{Text(name)}\">{Text(name)}</h3><details><summary>{schema.Properties!.Count} fields</summary><table>");
            foreach ((string field, IOpenApiSchema value) in schema.Properties)
            {
                Row(page, field, $"{Type(value)}", Text(value.Description));
            }
            page.Append("</table></details>");
        }
        return page.Append("</body></html>\n").ToString();
    }

    private static void Add(StringBuilder page, string path, HttpMethod[] verbs, OpenApiOperation operation)
    {
        page.Append("<h3>");
        foreach (HttpMethod verb in verbs)
        {
            page.Append(CultureInfo.InvariantCulture, $"<span class=\"verb {verb.Method}\">{verb.Method}</span>");
        }
        page.Append(Text(path)).Append("<span class=role>")
            .Append(Text((operation.Extensions!["x-role"] as JsonNodeExtension)!.Node.GetValue<string>())).Append("</span></h3><p>").Append(Text(operation.Summary));
        if (operation.Responses!.TryGetValue("200", out IOpenApiResponse? answer) && answer.Content!.Values.First().Schema is { } schema)
        {
            page.Append(". Answers with ").Append(Type(schema));
        }
        page.Append(".</p>");
        List<(string Name, string Type, string Text)> rows =
            [.. operation.Parameters!.Select(static one => (one.Name!, one.In == ParameterLocation.Path ? "in the path" : "variable", Text(one.Description)))];
        if (operation.RequestBody?.Content?.TryGetValue("application/json", out OpenApiMediaType? body) == true && body.Schema is { Properties: { } properties } command)
        {
            rows.AddRange(properties.Select(one => (
                one.Key, Type(one.Value) + (command.Required?.Contains(one.Key) == true ? ", needed" : ""), Text(one.Value.Description))));
        }
        if (rows.Count > 0)
        {
            page.Append("<table>");
            foreach ((string name, string type, string text) in rows)
            {
                Row(page, name, type, text);
            }
            page.Append("</table>");
        }
    }

    private static void Row(StringBuilder page, string name, string type, string text) =>
        page.Append(CultureInfo.InvariantCulture, $"<tr><td><code>{Text(name)}</code><td>{type}<td>{text}</tr>");

    // As HTML.
    private static string Type(IOpenApiSchema schema) => schema switch
    {
        OpenApiSchemaReference reference => $"<a href=\"#record-{Text(reference.Reference.Id)}\">{Text(reference.Reference.Id)}</a>",
        { AllOf: [var one, ..] } => Type(one),
        { OneOf: [var one, ..] } => $"{Type(one)}, or a window of it",
        { Type: JsonSchemaType.Array, Items: { } items } => $"list of {Type(items)}",
        { Type: JsonSchemaType.Object, AdditionalProperties: { } values } => $"map of {Type(values)}",
        { Type: { } type } => type.ToString().ToLowerInvariant(),
        _ => "JSON",
    };

    private static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");
}
