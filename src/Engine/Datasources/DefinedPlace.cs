using System.Globalization;
using KismetOrleans.Engine.Locating;
using KismetOrleans.Packets;
using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Engine.Datasources;

/// <summary>
/// Where a source's packets are seen: where the source was put (<see cref="Places.PlacesDocument"/>), else what its definition says: a place for good (<c>place</c>), a GPS of the server by
/// name (<c>metagps</c>), a floor (<c>floor</c>).
/// </summary>
/// <param name="Version">Version of the buildings by which it was found.</param>
/// <param name="Fixed">The place; null where there is none.</param>
/// <param name="Building">Name of its building, "" without.</param>
/// <param name="Floor">Its floor; null where that is not told.</param>
/// <param name="Gps">Name of the GPS; null where there is none.</param>
/// <param name="Warning">What of it is of no use, "" when nothing is.</param>
internal sealed record DefinedPlace(string Text, long Version, PacketPosition? Fixed, string Building, int? Floor, string? Gps, string Warning)
{
    /// <summary>Reads a definition; a sensor's own program may have taken what is none here.</summary>
    public static DefinedPlace Of(Guid source, string text, Buildings buildings)
    {
        long version = buildings.Version;
        if (buildings.Placed(source) is { } put && buildings.Find(put) is { } there)
        {
            return new(text, version, there, put.Building, put.Floor, null, "");
        }
        if (text.Length == 0)
        {
            return new(text, version, null, "", null, null, "");
        }
        if (!SourceDefinition.TryParse(text, out SourceDefinition? definition, out string? error))
        {
            bool isMeant = text.Contains("place=", StringComparison.OrdinalIgnoreCase) || text.Contains("floor=", StringComparison.OrdinalIgnoreCase);
            return new(text, version, null, "", null, null, isMeant ? error : "");
        }
        PacketPosition? place = definition.Place is { } where ? buildings.Find(where) : null;
        string warning = definition.Place is null || place is not null ? ""
            : string.Create(CultureInfo.InvariantCulture, $"option place: the server knows no building '{definition.Place.Building}' (Buildings:{definition.Place.Building})");
        return new(text, version, place, definition.Place?.Building ?? "", definition.Floor, definition.MetaGps, warning);
    }
}
