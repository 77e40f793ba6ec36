using KismetOrleans.Api.WebUi;
using Microsoft.Extensions.Configuration;

namespace KismetOrleans.Api.Tests.WebUi;

/// <summary>A wrong folder is told at the start, not by pages that stay empty.</summary>
public sealed class KismetUiOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ko-kismetui-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Nothing_is_given_by_default() => Assert.Equal(new("", false), Read());

    [Fact]
    public void A_folder_with_its_page_is_taken()
    {
        File.WriteAllText(Path.Combine(_folder, "index.html"), "");
        Assert.Equal(new(_folder, false), Read(("WebUi:KismetPath", _folder)));
        Assert.Equal(new(_folder, true), Read(("WebUi:KismetPath", _folder), ("WebUi:KismetAtRoot", "true")));
    }

    [Fact]
    public void What_is_of_no_use_is_told()
    {
        string gone = Path.Combine(_folder, "gone");
        Assert.Equal($"WebUi:KismetPath: there is no folder {gone}", Fault(("WebUi:KismetPath", gone)));
        Assert.Equal($"WebUi:KismetPath: {_folder} has no index.html; Kismet's folder http_data is meant", Fault(("WebUi:KismetPath", _folder)));
        Assert.Equal("WebUi:KismetAtRoot: 'perhaps' is neither true nor false", Fault(("WebUi:KismetAtRoot", "perhaps")));
        Assert.Equal("WebUi:KismetAtRoot: WebUi:KismetPath must say where Kismet's folder http_data is", Fault(("WebUi:KismetAtRoot", "true")));
    }

    private static KismetUiOptions Read(params (string Name, string Value)[] settings) =>
        KismetUiOptions.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build());

    private static string Fault(params (string Name, string Value)[] settings) => Assert.Throws<ArgumentException>(() => Read(settings)).Message;
}
