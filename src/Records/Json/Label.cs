using System.Text;

namespace KismetOrleans.Records.Json;

/// <summary>The name of a member as UTF-8, ready for each format, escaped.</summary>
internal sealed class Label
{
    /// <param name="type">Type, as the indented format prints it.</param>
    /// <param name="description">In words, as the indented format prints it.</param>
    public Label(string name, string type, string description)
    {
        Name = name;
        Dotted = Encode($",{Quote(name)}: ");
        Underscored = Encode($",{Quote(name.Replace('.', '_'))}: ");
        Description = Encode($"{Quote("description." + name)}: {Quote($"{type}, {description}")},");
    }

    public string Name { get; }

    /// <summary><c>,"a.b": </c>, with the blank that scripts look for.</summary>
    public byte[] Dotted { get; }

    /// <summary><c>,"a_b": </c></summary>
    public byte[] Underscored { get; }

    /// <summary><c>"a.b": </c></summary>
    public ReadOnlySpan<byte> Pretty => Dotted.AsSpan(1);

    /// <summary><c>"description.a.b": "type, description",</c></summary>
    public byte[] Description { get; }

    private static byte[] Encode(string text) => Encoding.UTF8.GetBytes(text);

    private static string Quote(string text)
    {
        using JsonOut json = new(text.Length * JsonText.MaxExpansion + 2);
        json.String(text);
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }
}
