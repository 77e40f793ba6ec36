namespace KismetOrleans.Api.Tests.WebUi;

/// <summary>A folder such as Kismet's <c>http_data</c>, with files of our own, and a server that has it.</summary>
public sealed class KismetFolder : IAsyncLifetime
{
    public const string Page = "<!doctype html><title>A page</title><script src=\"dynamic.js\"></script>";
    public const string Script = "export const part = 1;";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-kismetui-");
    private TestServer? _server;

    /// <summary>The folder.</summary>
    public string Data => Path.Combine(_folder.FullName, "http_data");

    internal TestServer Server => _server!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Data, "js"));
        Directory.CreateDirectory(Path.Combine(Data, "css"));
        File.WriteAllText(Path.Combine(Data, "index.html"), Page);
        File.WriteAllText(Path.Combine(Data, "favicon.ico"), "an icon");
        File.WriteAllText(Path.Combine(Data, "notes"), "notes");
        File.WriteAllText(Path.Combine(Data, ".hidden"), "not for anybody");
        File.WriteAllText(Path.Combine(Data, "css", "part.css"), "p{}");
        File.WriteAllText(Path.Combine(Data, "js", "kismet.ui.dot11.js"), Script);
        File.WriteAllText(Path.Combine(Data, "js", "kismet.ui.btle.js"), Script);
        File.WriteAllText(Path.Combine(_folder.FullName, "secret.txt"), "not for anybody");
        _server = await StartAsync();
    }

    /// <summary>Another server that has it.</summary>
    internal Task<TestServer> StartAsync(params string[] args) => TestServer.StartAsync(["--WebUi:KismetPath", Data, .. args]);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
