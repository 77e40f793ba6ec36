// IEEE Std 802-2014, clause 8.2: MA-L (24 bits), MA-M (28 bits) and MA-S (36 bits) assignments; IAB is MA-S's predecessor.
using KismetOrleans.Engine;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Manufacturers;

/// <summary>
/// The IEEE registry of manufacturers, read at the first question from the folder that Debian's <c>ieee-data</c> installs, or from a small
/// built-in list where there is none. Safe for use by several threads.
/// </summary>
public sealed class ManufacturerRegistry : IManufacturers
{
    /// <summary>Where Debian's <c>ieee-data</c> puts the registry.</summary>
    public const string DefaultFolder = "/usr/share/ieee-data";

    private readonly Lazy<RegistryTable> table;

    /// <summary>Makes a registry that will read <paramref name="folder"/> when it is first asked.</summary>
    /// <param name="folder">Holds <c>oui.csv</c> (or <c>oui.txt</c>), <c>mam.csv</c>, <c>oui36.csv</c>,
    /// <c>iab.csv</c>; each may be missing.</param>
    public ManufacturerRegistry(string folder = DefaultFolder) => table = new(() => RegistryLoader.Load(folder));

    /// <summary>How many prefixes are known. Loads the registry.</summary>
    public int Count => table.Value.Count;

    /// <summary>What the registry was read from and what was wrong with it, one line for the console and
    /// the message bus. Loads the registry.</summary>
    public string Summary => table.Value.Summary;

    /// <summary>Whether a file could not be read, a line made no sense, or the built-in list had to serve. Loads the registry.</summary>
    public bool HasProblems => table.Value.HasProblems;

    public string? Find(MacAddress address) => table.Value.Find(address.FirstSix);

    public string? FindOui(uint oui) => table.Value.FindOui(oui & 0xFF_FFFF);
}
