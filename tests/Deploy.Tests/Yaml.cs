using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace KismetOrleans.Deploy.Tests;

/// <summary>YAML as JSON, whose elements are easier to walk.</summary>
internal static class Yaml
{
    private static readonly IDeserializer s_reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    /// <summary>The documents of a text, anchors and merge keys resolved.</summary>
    public static JsonElement[] Parse(string text)
    {
        MergingParser parser = new(new Parser(new StringReader(text)));
        List<JsonElement> documents = [];
        parser.Consume<StreamStart>();
        while (!parser.Accept<StreamEnd>(out _))
        {
            documents.Add(JsonSerializer.SerializeToElement(Strings(s_reader.Deserialize(parser))));
        }
        return [.. documents];
    }

    /// <summary>The element at a path of names and indices; fails when there is none.</summary>
    public static JsonElement At(this JsonElement element, string path)
    {
        Assert.True(element.TryAt(path, out JsonElement found), $"no {path} in {element}");
        return found;
    }

    /// <summary>The text at a path; null when there is none.</summary>
    public static string? Text(this JsonElement element, string path) => element.TryAt(path, out JsonElement found) ? found.ToString() : null;

    /// <summary>The elements of the list at a path; none when there is no list.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement element, string path) =>
        element.TryAt(path, out JsonElement found) && found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : [];

    /// <summary>The members of the object at a path, as texts; none when there is no object.</summary>
    public static IReadOnlyDictionary<string, string> Map(this JsonElement element, string path) =>
        element.TryAt(path, out JsonElement found) && found.ValueKind == JsonValueKind.Object
            ? found.EnumerateObject().ToDictionary(static m => m.Name, static m => m.Value.ToString())
            : new Dictionary<string, string>();

    /// <summary>The element at a path of names and indices between dots.</summary>
    public static bool TryAt(this JsonElement element, string path, out JsonElement found)
    {
        found = element;
        foreach (string step in path.Split('.'))
        {
            if (found.ValueKind == JsonValueKind.Array && int.TryParse(step, out int index) && index < found.GetArrayLength())
            {
                found = found[index];
            }
            else if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(step, out found))
            {
                return false;
            }
        }
        return true;
    }

    private static object? Strings(object? value) => value switch
    {
        IDictionary<object, object> map => map.ToDictionary(static pair => pair.Key.ToString()!, static pair => Strings(pair.Value)),
        IEnumerable<object> list => list.Select(Strings).ToList(),
        _ => value,
    };
}
