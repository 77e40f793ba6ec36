using KismetOrleans.Records.Adsb;

namespace KismetOrleans.Engine;

/// <summary>Port: which aircraft an address belongs to, by a registry of aircraft. Implementations are safe for use by several threads.</summary>
public interface IAircraftRegistry
{
    /// <summary>The registration of an aircraft.</summary>
    /// <param name="icao">Its address, 24 bits (ICAO Annex 10, Volume III, 9.1).</param>
    /// <returns>Null where the registry does not have it.</returns>
    AircraftRegistration? Find(uint icao);
}
