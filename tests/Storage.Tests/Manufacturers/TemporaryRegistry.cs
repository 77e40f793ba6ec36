using System.Text;
using KismetOrleans.Storage.Manufacturers;

namespace KismetOrleans.Storage.Tests.Manufacturers;

/// <summary>A folder with registry files that a test writes; gone when disposed.</summary>
internal sealed class TemporaryRegistry : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("registry").FullName;

    public TemporaryRegistry With(string name, string text)
    {
        File.WriteAllBytes(Path.Combine(Folder, name), Encoding.UTF8.GetBytes(text));
        return this;
    }

    public ManufacturerRegistry Open() => new(Folder);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
