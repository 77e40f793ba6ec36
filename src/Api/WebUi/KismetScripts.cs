using KismetOrleans.Api.Http;
using KismetOrleans.Api.OpenApi;
using KismetOrleans.Records.Json;

namespace KismetOrleans.Api.WebUi;

/// <summary>
/// What Kismet's web page asks of a server beside data: which of its parts to load, as JSON and as the script that loads them. They are those of Kismet's
/// radios that the folder has; without the folder there are none.
/// </summary>
internal static class KismetScripts
{
    /// <summary>Parts in the order in which Kismet has them loaded, and where their scripts are in the folder.</summary>
    private static readonly (string Module, string Script)[] s_all =
    [
        ("kismet_ui_802_15_4", "js/kismet.ui.802_15_4.js"),
        ("kismet_ui_adsb", "js/kismet.ui.adsb.js"),
        ("kismet_ui_bluetooth", "js/kismet.ui.bluetooth.js"),
        ("kismet_ui_btle", "js/kismet.ui.btle.js"),
        ("kismet_ui_datasources", "js/kismet.ui.datasources.js"),
        ("kismet_ui_dot11", "js/kismet.ui.dot11.js"),
        ("kismet_ui_meter", "js/kismet.ui.meter.js"),
        ("kismet_ui_radiation", "js/kismet.ui.radiation.js"),
        ("kismet_ui_rtl433", "js/kismet.ui.rtl433.js"),
        ("kismet_ui_sensor", "js/kismet.ui.sensor.js"),
        ("kismet_ui_uav", "js/kismet.ui.uav.js"),
        ("kismet_ui_zwave", "js/kismet.ui.zwave.js"),
    ];

    public static void MapKismetScripts(this IEndpointRouteBuilder routes)
    {
        KismetUiOptions options = routes.ServiceProvider.GetRequiredService<KismetUiOptions>();
        (string Module, string Script)[] modules = options.IsGiven ? [.. s_all.Where(one => File.Exists(Path.Combine(options.Path, one.Script)))] : [];
        string list = $$"""{"dynamicjs": [{{string.Join(',', modules.Select(static one => $$"""{"module": "{{one.Module}}","js": "{{one.Script}}"}"""))}}]}""";
        string script = Script(modules);
        routes.MapGet("/dynamic.json", http => SendAsync(http, list, Answers.Json))
            .AllowAnonymous()
            .GivesJson("Parts of Kismet's web page");
        routes.MapGet("/dynamic.js", http => SendAsync(http, script, "application/javascript"))
            .AllowAnonymous()
            .GivesText("Script that loads the parts of Kismet's web page", "application/javascript");
    }

    // The page calls load_dynamics, and finds each part under its module's name. One after the other: what comes first stands first on the page.
    private static string Script((string Module, string Script)[] modules) =>
        $$"""
        var local_uri_prefix = typeof KISMET_URI_PREFIX === "undefined" ? "./" : KISMET_URI_PREFIX;
        {{string.Concat(modules.Select(static one => $"var {one.Module};\n"))}}async function load_dynamics() {
        {{string.Concat(modules.Select(static one => $"    {one.Module} = await import(local_uri_prefix + \"{one.Script}\");\n"))}}}

        """;

    private static Task SendAsync(HttpContext http, string text, string contentType)
    {
        using JsonOut body = Answers.NewBody(http);
        body.Raw(System.Text.Encoding.UTF8.GetBytes(text));
        return Answers.SendAsync(http, body, contentType);
    }
}
