using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;
using KismetOrleans.Storage.Tests.Postgres;
using KismetOrleans.Wire;

namespace KismetOrleans.Storage.Tests;

/// <summary>Alerts and incidents are kept, found and forgotten.</summary>
[Collection(nameof(PostgresServer))]
public sealed class AlertStoreTests(PostgresServer server)
{
    private static readonly MacAddress s_ap = new(0x0011_2233_4401);
    private static readonly MacAddress s_client = new(0x0211_2233_4402);

    public static TheoryData<string> Kinds
    {
        get
        {
            TheoryData<string> kinds = TestStore.Kinds;
            kinds.Add("memory");
            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Alerts_are_found_by_time_kind_weight_and_address_newest_first(string kind)
    {
        (IAlertStore store, TestStore? file) = await OpenAsync(kind);
        AlertRecord[] alerts =
        [
            Alert("DEAUTHFLOOD", AlertSeverity.Medium, 1_000, bssid: s_ap, source: s_client), Alert("APSPOOF", AlertSeverity.Critical, 2_000, bssid: s_ap),
            Alert("DEAUTHFLOOD", AlertSeverity.Medium, 3_000, bssid: s_client),
        ];
        await store.SaveAsync(alerts[..2], []);
        // What is there already stays.
        await store.SaveAsync([alerts[1] with { Class = "OTHER" }, alerts[2]], []);
        if (file is not null)
        {
            await file.ReopenAsync();
            store = file.Alerts;
        }
        Assert.Equal(alerts.Reverse(), await store.AlertsAsync(new()));
        Assert.Equal([alerts[2], alerts[1]], await store.AlertsAsync(new() { Limit = 2 }));
        Assert.Equal([alerts[1]], await store.AlertsAsync(new() { From = 2_000, Until = 3_000 }));
        Assert.Equal([alerts[2], alerts[0]], await store.AlertsAsync(new() { Header = "DEAUTHFLOOD" }));
        Assert.Equal([alerts[1]], await store.AlertsAsync(new() { Severity = AlertSeverity.High }));
        Assert.Equal([alerts[2], alerts[0]], await store.AlertsAsync(new() { Address = s_client }));
        await (file?.DisposeAsync() ?? default);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Incidents_are_found_by_what_they_are_and_replaced(string kind)
    {
        (IAlertStore store, TestStore? file) = await OpenAsync(kind);
        IncidentRecord first = new(1, "DEAUTHFLOOD", s_client, s_ap)
        {
            Class = "DENIAL",
            Severity = AlertSeverity.Medium,
            First = 1_000,
            Last = 5_000,
            Count = 3,
            HeldBack = 2,
            Text = "many",
            Channel = "6",
            Device = new DeviceId(7),
        };
        IncidentRecord second = new(2, "APSPOOF", default, s_ap) { Severity = AlertSeverity.Critical, First = 2_000, Last = 2_000, Owner = "anna", State = IncidentState.Acknowledged };
        await store.SaveAsync([], [first, second]);
        first = first with { Last = 6_000, Count = 4, State = IncidentState.Muted, MutedUntil = long.MaxValue, Changes = [new(5_500, "bob", "state", "muted"), new(5_600, "bob", "comment", "ours")] };
        await store.SaveAsync([], [first]);
        if (file is not null)
        {
            await file.ReopenAsync();
            store = file.Alerts;
        }
        Assert.Equivalent(first, await store.IncidentAsync(1), strict: true);
        Assert.Null(await store.IncidentAsync(3));
        Assert.Equal((long[])[1, 2], await IdsAsync(store, new()));
        Assert.Equal((long[])[1], await IdsAsync(store, new() { Limit = 1 }));
        Assert.Equal((long[])[1], await IdsAsync(store, new() { From = 3_000 }));
        Assert.Equal((long[])[1], await IdsAsync(store, new() { Until = 2_000 }));
        Assert.Equal((long[])[2], await IdsAsync(store, new() { State = IncidentState.Acknowledged }));
        Assert.Equal((long[])[2], await IdsAsync(store, new() { Owner = "anna" }));
        Assert.Equal((long[])[1], await IdsAsync(store, new() { Owner = "" }));
        Assert.Equal((long[])[2], await IdsAsync(store, new() { Header = "APSPOOF" }));
        Assert.Equal((long[])[2], await IdsAsync(store, new() { Severity = AlertSeverity.High }));
        Assert.Equal((long[])[1], await IdsAsync(store, new() { Address = s_client }));
        Assert.Equal((long[])[1, 2], await IdsAsync(store, new() { Address = s_ap }));
        await (file?.DisposeAsync() ?? default);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_older_or_more_than_is_kept_is_forgotten_but_for_what_is_muted(string kind)
    {
        (IAlertStore store, TestStore? file) = await OpenAsync(kind);
        await store.SaveAsync(
            [.. Enumerable.Range(1, 10).Select(static i => Alert("DEAUTHFLOOD", AlertSeverity.Medium, i * 100)), Alert("APSPOOF", AlertSeverity.Critical, 450)],
            [.. Enumerable.Range(1, 10).Select(static i => new IncidentRecord(i, "DEAUTHFLOOD", default, default)
            {
                Severity = AlertSeverity.Medium, First = 1, Last = i * 100, State = i == 1 ? IncidentState.Muted : IncidentState.New,
            })]);
        await store.ForgetAsync(250, 4);
        Assert.Equal((long[])[1_000, 900, 800, 700, 450], (await store.AlertsAsync(new())).Select(static alert => alert.Microseconds));
        Assert.Equal((long[])[10, 9, 8, 7, 1], await IdsAsync(store, new()));
        await store.ForgetAsync(2_000, 4);
        Assert.Empty(await store.AlertsAsync(new()));
        Assert.Equal((long[])[1], await IdsAsync(store, new()));
        await (file?.DisposeAsync() ?? default);
    }

    private static async Task<long[]> IdsAsync(IAlertStore store, IncidentQuery query) => [.. (await store.IncidentsAsync(query)).Select(static incident => incident.Id)];

    private async Task<(IAlertStore, TestStore?)> OpenAsync(string kind)
    {
        if (kind == "memory")
        {
            return (new MemoryAlertStore(), null);
        }
        TestStore store = await TestStore.NewAsync(kind, server);
        return (store.Alerts, store);
    }

    private static AlertRecord Alert(string header, byte severity, long time, MacAddress bssid = default, MacAddress source = default) =>
        new(new(header, $"at {time}") { Bssid = bssid, Source = source, Channel = "6" }, "CLASS", severity, 0, time);
}
