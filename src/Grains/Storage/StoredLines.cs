using System.Text.Json;

namespace KismetOrleans.Grains.Storage;

/// <summary>A grain's state of some lines of text.</summary>
[GenerateSerializer, Alias("KismetOrleans.StoredLines")]
public sealed class StoredLines : IStoredState
{
    [Id(0)] public List<string> Lines { get; set; } = [];

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(Lines);

    public void Read(byte[] bytes) => Lines = JsonSerializer.Deserialize<List<string>>(bytes) ?? [];
}
