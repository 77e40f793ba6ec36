namespace KismetOrleans.Api.WebUi;

/// <summary>Settings of Kismet's own web page, <c>WebUi:Kismet…</c>. Its files are not part of this program.</summary>
/// <param name="Path">Kismet's folder <c>http_data</c>, whole; empty for none.</param>
/// <param name="AtRoot">Whether its page is at <c>/</c>, too, in the place of this server's own.</param>
public sealed record KismetUiOptions(string Path, bool AtRoot)
{
    internal const string Index = "index.html";

    private const string PathName = "WebUi:KismetPath";
    private const string AtRootName = "WebUi:KismetAtRoot";

    /// <summary>Whether there is such a folder.</summary>
    public bool IsGiven => Path.Length > 0;

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="ArgumentException">The folder is not there or is another one, or a setting is of no use.</exception>
    internal static KismetUiOptions Read(IConfiguration configuration)
    {
        string path = configuration[PathName] ?? "";
        string wanted = configuration[AtRootName] ?? "";
        bool atRoot = false;
        if (wanted.Length > 0 && !bool.TryParse(wanted, out atRoot))
        {
            throw new ArgumentException($"{AtRootName}: '{wanted}' is neither true nor false");
        }
        if (path.Length == 0)
        {
            return atRoot ? throw new ArgumentException($"{AtRootName}: {PathName} must say where Kismet's folder http_data is") : new("", false);
        }
        path = System.IO.Path.GetFullPath(path);
        if (!Directory.Exists(path))
        {
            throw new ArgumentException($"{PathName}: there is no folder {path}");
        }
        if (!File.Exists(System.IO.Path.Combine(path, Index)))
        {
            throw new ArgumentException($"{PathName}: {path} has no {Index}; Kismet's folder http_data is meant");
        }
        return new(path, atRoot);
    }
}
