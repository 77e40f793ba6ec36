using KismetOrleans.Api.WebUi;

namespace KismetOrleans.Web.Tests;

/// <summary>The pages in the navigation, and whether they were built.</summary>
internal static class Pages
{
    /// <summary>Their addresses.</summary>
    public static readonly string[] Paths =
    [
        "/", "/ui/devices", "/ui/ssids", "/ui/alerts", "/ui/channels", "/ui/sensors", "/ui/map", "/ui/places", "/ui/history", "/ui/messages", "/ui/settings",
    ];

    /// <summary>The same for a theory.</summary>
    public static TheoryData<string> All => [.. Paths];

    /// <summary>Why there are no tests of pages here; null where there are.</summary>
    public static string? Missing => Browser.Missing ?? (WebFiles.Read(WebFiles.Folder).AreBuilt ? null : "browser tests left out: the pages were not built (no npm)");
}
