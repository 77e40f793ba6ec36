using KismetOrleans.Wire;

namespace KismetOrleans.Engine;

/// <summary>
/// Port: whose hardware an address belongs to, by the IEEE registry. Implementations are safe for use by several threads and return one and the
/// same string instance for one manufacturer, so that devices share it.
/// </summary>
public interface IManufacturers
{
    /// <summary>The organisation that the longest registered prefix (36, 28 or 24 bits) of <paramref name="address"/> is assigned to; null where none is.</summary>
    string? Find(MacAddress address);

    /// <summary>The organisation that a 24-bit identifier is assigned to; null where it is not. Only the low 24 bits of <paramref name="oui"/> count.</summary>
    string? FindOui(uint oui);
}
