using System.Text.Json;

namespace KismetOrleans.Api.Tests.Control;

/// <summary>Devices of a server that has no radio: a phone's scan reports bring them.</summary>
internal static class Posted
{
    /// <summary>UUID of the phone.</summary>
    public const string Phone = "00000000-0000-0000-0000-AABBCCDD0001";

    /// <summary>Posts a report of an access point.</summary>
    /// <returns>The device's key.</returns>
    public static async Task<string> AccessPointAsync(HttpClient client, string bssid, string ssid, string more = "")
    {
        string report = $$"""{"source_name":"phone","source_uuid":"{{Phone}}","reports":[{"ssid":"{{ssid}}","bssid":"{{bssid}}","channel":"6","signal":-50{{more}}}]}""";
        Answer answer = await client.CommandAsync("/phy/phy80211/scan/scan_report.cmd", report);
        Assert.True(answer.Json.GetProperty("success").GetBoolean(), answer.Body);
        return (await DeviceAsync(client, bssid)).Text("kismet.device.base.key");
    }

    /// <summary>The record of a device.</summary>
    public static async Task<JsonElement> DeviceAsync(HttpClient client, string address) =>
        (await client.AskAsync($"/devices/by-mac/{address}/devices.json")).Ok().List.Single();
}
