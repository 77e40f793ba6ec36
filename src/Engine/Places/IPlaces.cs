namespace KismetOrleans.Engine.Places;

/// <summary>The sites that are watched.</summary>
public interface IPlaces
{
    /// <summary>The document as it is now.</summary>
    ValueTask<PlacesDocument> ReadAsync(CancellationToken cancellation = default);

    /// <summary>Replaces the document; completes when it is kept.</summary>
    /// <param name="document">Checked, with the version that it is to replace.</param>
    /// <returns>The version that is there now, and whether it is the document's: not where another one had been put there meanwhile.</returns>
    ValueTask<(long Version, bool IsKept)> ReplaceAsync(PlacesDocument document);
}
