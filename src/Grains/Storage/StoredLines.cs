using System.Text.Json;

namespace KismetOrleans.Grains.Storage;

/// <summary>A grain's state of some lines of text.</summary>
[GenerateSerializer, Alias("KismetOrleans.StoredLines")]
public sealed class StoredLines : IStoredState
{
    /// <summary>The lines.</summary>
    [Id(0)] public List<string> Lines { get; set; } = [];

    /// <inheritdoc/>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(Lines);

    /// <inheritdoc/>
    public void Read(byte[] bytes) => Lines = JsonSerializer.Deserialize<List<string>>(bytes) ?? [];
}
