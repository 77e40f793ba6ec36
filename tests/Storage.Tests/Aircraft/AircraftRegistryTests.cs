using System.IO.Compression;
using System.Text;
using KismetOrleans.Records.Adsb;
using KismetOrleans.Storage.Aircraft;

namespace KismetOrleans.Storage.Tests.Aircraft;

public sealed class AircraftRegistryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aircraft").FullName;
    private readonly List<(string Text, bool IsProblem)> _reports = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lines_are_found_by_address_in_any_order(bool isPacked)
    {
        AircraftRegistry registry = Open("# comment\nc00001\tC-FAAA\tB738\tBOEING 737\tÉCLAIR\t5\r\n\n00A001\tHB-ZZZ\t\tGLIDER  \t\t\na00002\tN1\tR44\tROBINSON\tX\t6\nA00002\tN2\tS\tSECOND\tY\tO\n", isPacked);
        Assert.Equal(("C-FAAA", "B738", "BOEING 737", "ÉCLAIR", '5', "Fixed wing multiple engine", "Airplane"), Shape(registry.Find(0xC00001)));
        // A field that is empty is not the next line's.
        Assert.Equal(("HB-ZZZ", "", "GLIDER", "", 'U', "Unknown Aircraft", "Aircraft"), Shape(registry.Find(0xA001)));
        Assert.Equal(("N1", "R44", "ROBINSON", "X", '6', "Helicopter / Rotorcraft", "Helicopter"), Shape(registry.Find(0xA00002)));
        Assert.Null(registry.Find(0xA00003));
        Assert.Equal([($"3 aircraft from {Path.Combine(_folder, "icao")}", false)], _reports);
    }

    [Fact]
    public void Lines_that_make_no_sense_are_counted()
    {
        AircraftRegistry registry = Open("nothing\nxyz\ta\tb\tc\td\te\n1000000\ta\tb\tc\td\te\n1\ta\tb\tc\td\n2\ta\tb\tc\td\t9\n", isPacked: false);
        Assert.Equal("Gyroplane", registry.Find(2)?.DeviceType);
        Assert.Equal([($"1 aircraft from {Path.Combine(_folder, "icao")}; 4 lines make no sense and were left out", true)], _reports);
    }

    [Fact]
    public void A_file_that_is_missing_or_spoiled_is_told_once()
    {
        AircraftRegistry missing = new(Path.Combine(_folder, "none"), Report);
        Assert.Null(missing.Find(1));
        Assert.Null(missing.Find(1));
        string path = Path.Combine(_folder, "spoiled");
        File.WriteAllBytes(path, [0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        Assert.Null(new AircraftRegistry(path, Report).Find(1));
        Assert.Equal([false, true], _reports.Select(static report => report.IsProblem));
        Assert.All(_reports, static report => Assert.StartsWith("no registry of aircraft: ", report.Text, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private AircraftRegistry Open(string text, bool isPacked)
    {
        string path = Path.Combine(_folder, "icao");
        using (FileStream file = File.Create(path))
        using (Stream to = isPacked ? new GZipStream(file, CompressionLevel.Fastest) : file)
        {
            to.Write(Encoding.UTF8.GetBytes(text));
        }
        return new(path, Report);
    }

    private void Report(string text, bool isProblem) => _reports.Add((text, isProblem));

    private static (string, string, string, string, char, string, string) Shape(AircraftRegistration? found) =>
        (found!.Mark, found.Type, found.Model, found.Owner, (char)found.Kind, found.KindText, found.DeviceType);
}
