namespace KismetOrleans.Api.WebUi;

/// <summary>Settings of the web page, <c>WebUi:…</c>.</summary>
public sealed class WebUiOptions
{
    /// <summary>Where the pages are that were built; empty for beside the program.</summary>
    public string Folder { get; set; } = "";

    /// <summary>
    /// Where map tiles come from, as <c>https://tile.example.org/{z}/{x}/{y}.png</c>; empty for nowhere: the page fetches nothing from elsewhere.
    /// </summary>
    public string Tiles { get; set; } = "";

    /// <summary>Whom the tiles' server wants to be named.</summary>
    public string TilesAttribution { get; set; } = "";

    /// <summary>Plans of floors and grounds, as pictures with the places of their corners.</summary>
    public IReadOnlyList<FloorPlan> Plans { get; set; } = [];

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="ArgumentException">One of them is of no use.</exception>
    internal static WebUiOptions Read(IConfiguration configuration)
    {
        WebUiOptions options = configuration.GetSection("WebUi").Get<WebUiOptions>() ?? new();
        if (options.Tiles.Length > 0 && TileServer(options.Tiles) is null)
        {
            throw new ArgumentException($"WebUi:Tiles: '{options.Tiles}' is no address such as https://tile.example.org/{{z}}/{{x}}/{{y}}.png");
        }
        for (int i = 0; i < options.Plans.Count; i++)
        {
            options.Plans[i].Check($"WebUi:Plans:{i}");
        }
        return options;
    }

    /// <summary>What the page may load, and from where (CSP Level 3): its own files, and tiles where they are configured.</summary>
    internal string ContentSecurityPolicy() =>
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
        + $"img-src 'self' blob: data:{(TileServer(Tiles) is { } server ? " " + server : "")}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static string? TileServer(string tiles) =>
        Uri.TryCreate(tiles.Replace("{s}", "a", StringComparison.Ordinal), UriKind.Absolute, out Uri? uri) && uri.Scheme is "https" or "http"
        && tiles.Contains("{z}", StringComparison.Ordinal)
            ? tiles.Contains("{s}", StringComparison.Ordinal) ? $"{uri.Scheme}://*.{uri.Authority[(uri.Authority.IndexOf('.', StringComparison.Ordinal) + 1)..]}" : $"{uri.Scheme}://{uri.Authority}"
            : null;
}

/// <summary>A picture of a floor or ground.</summary>
public sealed class FloorPlan
{
    /// <summary>What it is called.</summary>
    public string Name { get; set; } = "";

    /// <summary>The picture: png, jpeg, svg or webp.</summary>
    public string File { get; set; } = "";

    /// <summary>Latitude of its lower edge, degrees.</summary>
    public double South { get; set; }

    /// <summary>Longitude of its left edge, degrees.</summary>
    public double West { get; set; }

    /// <summary>Latitude of its upper edge, degrees.</summary>
    public double North { get; set; }

    /// <summary>Longitude of its right edge, degrees.</summary>
    public double East { get; set; }

    /// <summary>Media type of the picture; empty for none that browsers show.</summary>
    public string ContentType => Path.GetExtension(File).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".svg" => "image/svg+xml",
        ".webp" => "image/webp",
        _ => "",
    };

    internal void Check(string name)
    {
        if (ContentType.Length == 0 || !System.IO.File.Exists(File))
        {
            throw new ArgumentException($"{name}:File: '{File}' is no picture (png, jpeg, svg, webp) that can be read");
        }
        if (!(South < North && West < East && South >= -90 && North <= 90 && West >= -180 && East <= 180))
        {
            throw new ArgumentException($"{name}: South, West, North, East are not the edges of a picture, in degrees");
        }
    }
}
