using System.Text.Json;

namespace KismetOrleans.Api.Tests.Endpoints;

/// <summary>For the captures beside the repository we raise the attacks that a real Kismet raised, but where docs/deviations.md says otherwise.</summary>
public sealed class GoldenAlertsTests
{
    [SharedTheory]
    [InlineData("deauth.pcap")]
    [InlineData("disassoc.pcap")]
    [InlineData("fragattacks-ap.pcapng")]
    [InlineData("fragattacks-client.pcapng")]
    [InlineData("krack.pcapng")]
    [InlineData("mixed-dot11.pcap")]
    [InlineData("auth.pcap")]
    [InlineData("probe-req.pcap")]
    public async Task The_same_attacks_are_raised(string capture)
    {
        string shared = SharedMaterial.Root!;
        using JsonDocument golden = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(shared, "golden", Path.GetFileNameWithoutExtension(capture), "all_alerts.json")));
        string[] expected = Attacks([.. golden.RootElement.EnumerateArray()]);
        await using TestServer server = await TestServer.ReplayAsync(Path.Combine(shared, "captures", capture));
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        string[] ours;
        while ((ours = Attacks((await server.Client.AskAsync("/alerts/all_alerts.json")).Ok().List)).Length < expected.Length)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
        Assert.Equal(expected, ours);
    }

    // Each once: how many the limits let through depends on how fast the capture is read.
    private static string[] Attacks(JsonElement[] alerts) =>
    [
        .. alerts.Where(static alert => alert.Text("kismet.alert.class") != "SYSTEM")
            .DistinctBy(static alert => alert.Text("kismet.alert.header"))
            .Select(static alert => string.Join(' ', ((string[])["header", "class", "transmitter_mac", "source_mac", "dest_mac", "other_mac", "channel"])
                .Select(name => alert.Text("kismet.alert." + name))))
            .Order(StringComparer.Ordinal),
    ];
}
