using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests;

/// <summary>A registry of two entries: Acme makes 00:11:22, and the identifier 00:15:6D is Ubiquiti's, without any device's address in it.</summary>
internal sealed class FakeManufacturers : IManufacturers
{
    public const string Acme = "Acme";
    public const string Ubiquiti = "Ubiquiti";

    public string? Find(MacAddress address) => address.Oui == 0x001122 ? Acme : null;

    public string? FindOui(uint oui) => oui == 0x00156D ? Ubiquiti : null;
}
