namespace KismetOrleans.Engine.Places;

/// <summary>The sites that are watched.</summary>
public interface IPlaces
{
    /// <summary>The document as it is now.</summary>
    ValueTask<PlacesDocument> ReadAsync(CancellationToken cancellation = default);

    /// <summary>Replaces the document; completes when it is kept.</summary>
    /// <param name="document">Checked, with the version that it is to replace.</param>
    ValueTask<PlacesChange> ReplaceAsync(PlacesDocument document);

    /// <summary>A picture's bytes; null where there is none of that name.</summary>
    ValueTask<byte[]?> PictureAsync(string id, CancellationToken cancellation = default);

    /// <summary>Keeps a picture. One that no floor has is forgotten a day later.</summary>
    /// <returns>Null, or why not.</returns>
    ValueTask<string?> AddPictureAsync(PlanPicture picture, byte[] bytes);
}

/// <summary>What became of a change.</summary>
/// <param name="Version">The version that is there now.</param>
/// <param name="IsKept">Whether it is the document's: not where another one had been put there meanwhile.</param>
/// <param name="Missing">Name of a picture that a floor has and nobody sent; then nothing has changed.</param>
public readonly record struct PlacesChange(long Version, bool IsKept, string? Missing = null);
