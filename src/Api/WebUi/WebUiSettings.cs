using System.Text.Json.Serialization;

namespace KismetOrleans.Api.WebUi;

/// <summary>What the page is told of its settings.</summary>
/// <param name="Tiles">Where map tiles come from; empty for nowhere.</param>
/// <param name="TilesAttribution">Whom their server wants to be named.</param>
/// <param name="Plans">Pictures to draw a map on.</param>
internal sealed partial record WebUiSettings(string Tiles, string TilesAttribution, IReadOnlyList<WebUiSettings.Plan> Plans)
{
    /// <summary>The settings as the page sees them.</summary>
    public static WebUiSettings Of(WebUiOptions options) => new(
        options.Tiles, options.TilesAttribution,
        [.. options.Plans.Select(static (plan, i) => new Plan(plan.Name.Length > 0 ? plan.Name : $"Plan {i + 1}", $"/ui/plans/{i}", plan.South, plan.West, plan.North, plan.East))]);

    /// <summary>A picture with the places of its edges, in degrees.</summary>
    public sealed record Plan(string Name, string Url, double South, double West, double North, double East);

    /// <summary>How they are written.</summary>
    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(WebUiSettings))]
    internal sealed partial class Json : JsonSerializerContext;
}
