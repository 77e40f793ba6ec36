using System.Text.Json.Nodes;
using KismetOrleans.Api.Auth;
using KismetOrleans.Api.Http;
using KismetOrleans.Records.Fields;
using Microsoft.OpenApi;

namespace KismetOrleans.Api.OpenApi;

/// <summary>The API as an OpenAPI 3.1 document: made of the routes, what they say of themselves, and the tables of their records.</summary>
internal sealed class ApiDocument
{
    private const string Command = "application/x-www-form-urlencoded";

    // What a part of a path stands for, wherever it stands.
    private static readonly Dictionary<string, string> s_parts = new(StringComparer.Ordinal)
    {
        ["any"] = "any suffix",
        ["client"] = "address of a client of the access point",
        ["class"] = "kind of log, as /logging/drivers names it",
        ["file"] = "packets.pcapng, or the name that the older documentation gives",
        ["block"] = "which address: source, destination, network, other or any",
        ["hash"] = "number that names it",
        ["id"] = "number or name of it",
        ["key"] = "key of a device",
        ["kind"] = "found, lost or both",
        ["mac"] = "address",
        ["name"] = "name of it",
        ["of"] = "key, UUID or address of it",
        ["path"] = "path of a field",
        ["picture"] = "name of a picture, which it got when it was sent",
        ["phy"] = "name of a phy, as /phy/all_phys has it",
        ["suffix"] = "cmd or json",
        ["time"] = "Unix time with or without a fraction; negative for seconds ago",
        ["title"] = "name of the file",
        ["uuid"] = "UUID",
        ["view"] = "id of a view, as /devices/views/all_views has it",
    };

    private readonly OpenApiDocument _document = new()
    {
        Info = new()
        {
            Title = "KismetOrleans",
            Version = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3),
            Description = "Wireless monitoring. The paths, field names and answers are those of Kismet's REST API, of the documentation of 2020 and of Kismet 2025-09.",
        },
        Paths = [],
        Components = new() { Schemas = new Dictionary<string, IOpenApiSchema>(), SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>() },
    };

    private ApiDocument()
    {
        foreach ((string name, OpenApiSecurityScheme scheme) in Credentials())
        {
            _document.Components!.SecuritySchemes!.Add(name, scheme);
        }
    }

    public static OpenApiDocument Of(IEnumerable<Endpoint> endpoints)
    {
        ApiDocument made = new();
        foreach (RouteEndpoint endpoint in endpoints.OfType<RouteEndpoint>().OrderBy(static one => one.RoutePattern.RawText, StringComparer.Ordinal))
        {
            if (endpoint.Metadata.GetMetadata<Unlisted>() is null && endpoint.Metadata.GetMetadata<Operation>() is { } operation)
            {
                made.Add(endpoint, operation);
            }
        }
        return made._document;
    }

    private void Add(RouteEndpoint endpoint, Operation operation)
    {
        string path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(static segment => string.Concat(segment.Parts.Select(static part => part switch
        {
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternSeparatorPart separator => separator.Content,
            _ => throw new NotSupportedException($"part of a path: {part}"),
        }))));
        if (!_document.Paths.TryGetValue(path, out IOpenApiPathItem? item))
        {
            _document.Paths.Add(path, item = new OpenApiPathItem { Operations = [] });
        }
        foreach (string verb in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
        {
            item.Operations!.Add(HttpMethod.Parse(verb), OperationOf(endpoint, operation, verb, path));
        }
    }

    private OpenApiOperation OperationOf(RouteEndpoint endpoint, Operation operation, string verb, string path)
    {
        string role = Role.Of(endpoint);
        string group = path.Split('/')[1];
        OpenApiOperation made = new()
        {
            Summary = operation.Summary,
            OperationId = $"{verb.ToLowerInvariant()}{path.Replace("/", "_", StringComparison.Ordinal).Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}",
            Tags = new HashSet<OpenApiTagReference> { new(group, _document) },
            Parameters = [.. endpoint.RoutePattern.Parameters.Select(Part)],
            Responses = Responses(operation, role, verb, endpoint.RoutePattern.Parameters.Count > 1),
            Extensions = new Dictionary<string, IOpenApiExtension> { ["x-role"] = new JsonNodeExtension(role.Length == 0 ? "none" : role) },
        };
        _document.Tags ??= new HashSet<OpenApiTag>();
        if (_document.Tags.All(tag => tag.Name != group))
        {
            _document.Tags.Add(new() { Name = group });
        }
        foreach (Argument argument in operation.Arguments.Where(static one => one.IsVariable))
        {
            made.Parameters.Add(new OpenApiParameter
            {
                Name = argument.Name,
                In = ParameterLocation.Query,
                Description = argument.Description,
                Schema = Schema(argument),
            });
        }
        if (operation.BodyType is { } type)
        {
            made.RequestBody = verb is "POST" or "PUT" ? new OpenApiRequestBody { Content = new Dictionary<string, OpenApiMediaType> { [type] = new OpenApiMediaType { Schema = new OpenApiSchema() } } } : null;
        }
        else if (verb == "POST")
        {
            made.RequestBody = Body(operation);
        }
        if (role != Role.None)
        {
            made.Security = [.. Credentials().Select(scheme => new OpenApiSecurityRequirement { [new(scheme.Name, _document)] = [] })];
        }
        return made;
    }

    private static IOpenApiParameter Part(Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart part) => new OpenApiParameter
    {
        Name = part.Name,
        In = ParameterLocation.Path,
        Required = true,
        Description = part.Name == "format" ? "form of the answer" : s_parts[part.Name],
        Schema = part.Name == "format"
            ? new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. RecordRoutes.Suffixes.Select(static suffix => (JsonNode)suffix)] }
            : new OpenApiSchema { Type = JsonSchemaType.String },
    };

    // A command is the variable json of a form, or the whole body.
    private static OpenApiRequestBody Body(Operation operation)
    {
        OpenApiSchema command = new()
        {
            Type = JsonSchemaType.Object,
            Properties = operation.Arguments.Where(static one => !one.IsVariable).ToDictionary(static one => one.Name, static one => (IOpenApiSchema)Schema(one, one.Description)),
            Required = operation.Arguments.Where(static one => one is { IsRequired: true, IsVariable: false }).Select(static one => one.Name).ToHashSet(),
        };
        if (operation.Table is not null)
        {
            command.Properties["fields"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema(),
                Description = "paths of the fields that are wanted, or pairs of a path and a name for it; everything without",
            };
        }
        return new()
        {
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType { Schema = command },
                [Command] = new OpenApiMediaType
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["json"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "the same dictionary as application/json takes" },
                        },
                    },
                },
            },
        };
    }

    private OpenApiResponses Responses(Operation operation, string role, string verb, bool names)
    {
        OpenApiResponses made = [];
        if (operation.Form == AnswerForm.Socket)
        {
            made["101"] = new OpenApiResponse { Description = "a websocket" };
        }
        else
        {
            made["200"] = new OpenApiResponse
            {
                Description = operation.Form is AnswerForm.List or AnswerForm.Window ? "the list; one object a line in the forms ekjson and itjson" : "the answer",
                Content = new Dictionary<string, OpenApiMediaType> { [operation.ContentType] = new OpenApiMediaType { Schema = Answer(operation) } },
            };
        }
        if (verb == "POST" || operation.BodyType is not null)
        {
            made["400"] = new OpenApiResponse { Description = "the command is malformed: where, and what was expected" };
        }
        if (role != Role.None)
        {
            made["401"] = new OpenApiResponse { Description = "a login is needed" };
            made["403"] = new OpenApiResponse { Description = "the login is of another role" };
            made["429"] = new OpenApiResponse { Description = "too many failed logins from this address" };
        }
        if (names)
        {
            made["404"] = new OpenApiResponse { Description = "no such path, suffix or view" };
            made["500"] = new OpenApiResponse { Description = "ERROR: and why; also where nothing has the key, UUID or address" };
        }
        return made;
    }

    private IOpenApiSchema Answer(Operation operation)
    {
        IOpenApiSchema Records() => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Schema(operation.Table!) };
        return operation.Form switch
        {
            AnswerForm.Record => Schema(operation.Table!),
            AnswerForm.List => Records(),
            AnswerForm.Map => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Schema(operation.Table!) },
            AnswerForm.Window => new OpenApiSchema
            {
                OneOf =
                [
                    Records(),
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new[] { "draw", "recordsTotal", "recordsFiltered", "last_page", "last_row", "total_row" }
                            .ToDictionary(static name => name, static _ => (IOpenApiSchema)new OpenApiSchema { Type = JsonSchemaType.Integer })
                            .Append(new("data", Records())).ToDictionary(),
                        Required = new HashSet<string> { "data" },
                    },
                ],
            },
            AnswerForm.Text or AnswerForm.File => new OpenApiSchema { Type = JsonSchemaType.String },
            _ => new OpenApiSchema(),
        };
    }

    private static OpenApiSchema Schema(Argument argument, string? description = null) => new()
    {
        Type = argument.Form switch
        {
            ValueForm.Integer => JsonSchemaType.Integer,
            ValueForm.Number => JsonSchemaType.Number,
            ValueForm.List => JsonSchemaType.Array,
            ValueForm.Map or ValueForm.Record => JsonSchemaType.Object,
            ValueForm.Flag => JsonSchemaType.Boolean | JsonSchemaType.Integer,
            _ => JsonSchemaType.String,
        },
        Description = description,
        Items = argument.Form == ValueForm.List ? new OpenApiSchema() : null,
    };

    private IOpenApiSchema Schema(IRecordTable table)
    {
        IDictionary<string, IOpenApiSchema> all = _document.Components!.Schemas!;
        if (!all.ContainsKey(table.Name))
        {
            // Known before its fields are: a record may hold itself.
            OpenApiSchema made = new() { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema>() };
            all[table.Name] = made;
            foreach (FieldInfo field in table.FieldInfos)
            {
                made.Properties[field.Name] = Schema(field.Shape, $"{field.Description} ({field.Type})");
            }
        }
        return new OpenApiSchemaReference(table.Name, _document);
    }

    private IOpenApiSchema Schema(ValueShape shape, string? description = null)
    {
        if (shape.Form == ValueForm.Record)
        {
            IOpenApiSchema record = Schema(shape.Record!);
            return description is null ? record : new OpenApiSchema { AllOf = [record], Description = description };
        }
        return new OpenApiSchema
        {
            Description = description,
            Type = shape.Form switch
            {
                ValueForm.Integer or ValueForm.Flag => JsonSchemaType.Integer,
                ValueForm.Number => JsonSchemaType.Number,
                ValueForm.List => JsonSchemaType.Array,
                ValueForm.Map => JsonSchemaType.Object,
                _ => JsonSchemaType.String,
            },
            Enum = shape.Form == ValueForm.Flag ? [0, 1] : null,
            Format = shape.Form == ValueForm.Uuid ? "uuid" : null,
            Pattern = shape.Form == ValueForm.Mac ? "^([0-9A-F]{2}:){5}[0-9A-F]{2}" : null,
            Items = shape.Form == ValueForm.List ? Schema(shape.Element!) : null,
            AdditionalProperties = shape.Form == ValueForm.Map ? Schema(shape.Element!) : null,
        };
    }

    private static IEnumerable<(string Name, OpenApiSecurityScheme Scheme)> Credentials() =>
    [
        ("password", new() { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "the administrator; the answer has a session as cookie" }),
        ("bearer", new() { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "an API key" }),
        ("cookie", new() { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "KISMET", Description = "a session or an API key" }),
        ("query", new() { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Query, Name = "KISMET", Description = "the same, where there is no cookie" }),
    ];
}
