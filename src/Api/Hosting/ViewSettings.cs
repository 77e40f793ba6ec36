using System.Text.Json;
using System.Text.Json.Nodes;
using KismetOrleans.Engine.Views;
using KismetOrleans.Records.Fields;

namespace KismetOrleans.Api.Hosting;

/// <summary>Views of the settings: <c>Views:0:Id</c>, <c>Views:0:Description</c>, <c>Views:0:Filter:phy</c> and so on.</summary>
internal static class ViewSettings
{
    /// <summary>Reads them.</summary>
    /// <exception cref="ArgumentException">One is of no use.</exception>
    public static IReadOnlyList<UserView> Of(IConfiguration configuration)
    {
        List<UserView> views = [];
        foreach (IConfigurationSection section in configuration.GetSection("Views").GetChildren())
        {
            try
            {
                UserView view = UserView.Of(
                    section["Id"], section["Description"], JsonSerializer.SerializeToElement(ToJson(section.GetSection("Filter"), lower: true)));
                views.Add(views.All(other => other.Id != view.Id) ? view : throw new CommandException($"id: '{view.Id}' is given twice"));
            }
            catch (CommandException e)
            {
                throw new ArgumentException($"{section.Path}: {e.Message}", nameof(configuration));
            }
        }
        return views;
    }

    // Settings know neither lists nor numbers: a list is a section whose members are numbered.
    private static JsonNode? ToJson(IConfigurationSection section, bool lower = false)
    {
        IConfigurationSection[] children = [.. section.GetChildren()];
        if (children.Length == 0)
        {
            return section.Value is null ? null : JsonValue.Create(section.Value);
        }
        if (children.All(static child => int.TryParse(child.Key, out _)))
        {
            return new JsonArray([.. children.OrderBy(static child => int.Parse(child.Key, System.Globalization.CultureInfo.InvariantCulture)).Select(static child => ToJson(child))]);
        }
        JsonObject all = [];
        foreach (IConfigurationSection child in children)
        {
            all[lower ? child.Key.ToLowerInvariant() : child.Key] = ToJson(child);
        }
        return all;
    }
}
