using System.Text.Json;

namespace KismetOrleans.Deploy.Tests;

/// <summary>dashboards/kismetorleans.rules.yml: what it asks for is measured, the runbook says what to do, and Prometheus raises what it should.</summary>
public sealed class AlertRuleTests
{
    private const string Rules = "dashboards/kismetorleans.rules.yml";
    private static readonly JsonElement[] s_rules = [.. Yaml.Parse(Repository.Read(Rules))[0].List("groups").SelectMany(static group => group.List("rules"))];

    [Fact]
    public void Every_metric_is_one_that_the_server_has()
    {
        Assert.True(s_rules.Length > 10, $"{s_rules.Length} rules");
        Assert.All(s_rules, static rule =>
        {
            string[] asked = [.. Metrics.AskedIn(rule.At("expr").GetString()!)];
            Assert.NotEmpty(asked);
            Assert.All(asked, static name => Assert.Contains(name, Metrics.Measured));
        });
    }

    [Fact]
    public void The_runbook_has_a_heading_for_every_alert_of_ours()
    {
        string[] headings = [.. Repository.Read("docs/runbook.md").Split('\n').Where(static line => line.StartsWith("### ", StringComparison.Ordinal)).Select(static line => line[4..])];
        string[] names = [.. s_rules.Select(static rule => rule.At("alert").GetString()!), "SENSORDOWN", "SENSORDEAF", "SENSORCLOCK", "SENSORDROPS"];
        Assert.Equal(names, headings);
        Assert.All(s_rules, static rule =>
            Assert.Equal("docs/runbook.md#" + rule.At("alert").GetString()!.ToLowerInvariant(), rule.At("annotations.runbook").GetString()));
    }

    [ProgramFact(Programs.Promtool)]
    public async Task Prometheus_raises_what_it_should_and_nothing_on_a_quiet_day()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string tests = Path.Combine(folder, "tests.yml");
            await File.WriteAllTextAsync(tests, $$"""
                rule_files: [{{Path.Combine(Repository.Root, Rules)}}]
                evaluation_interval: 1m
                tests:
                  - interval: 1m
                    input_series:
                      - { series: 'kismet_partition_devices{partition="1"}', values: '100x120' }
                      - { series: 'kismet_sensors_connected{instance="a"}', values: '10x120' }
                      - { series: 'kismet_packets_total{phy="IEEE802.11"}', values: '0+60000x120' }
                      - { series: 'kismet_drops_total{reason="os"}', values: '0+60x120' }
                      - { series: 'kismet_journal_length', values: '20x120' }
                      - { series: 'kismet_save_duration_seconds_bucket{le="1"}', values: '0+60x120' }
                      - { series: 'kismet_save_duration_seconds_bucket{le="+Inf"}', values: '0+60x120' }
                      - { series: 'http_server_request_duration_seconds_count{http_response_status_code="200"}', values: '0+600x120' }
                    promql_expr_test:
                      - { expr: 'ALERTS', eval_time: 110m, exp_samples: [] }
                  - interval: 1m
                    input_series:
                      - { series: 'kismet_sensors_connected{instance="a"}', values: '10x60 7x20' }
                      - { series: 'kismet_packets_total{phy="IEEE802.11"}', values: '0+60000x80' }
                      - { series: 'kismet_drops_total{reason="os"}', values: '0+900x80' }
                      - { series: 'kismet_drops_total{reason="spool"}', values: '0x70 5x10' }
                      - { series: 'kismet_save_failures_total', values: '0+1x80' }
                      - { series: 'kismet_save_duration_seconds_bucket{le="1"}', values: '0x80' }
                      - { series: 'kismet_save_duration_seconds_bucket{le="5"}', values: '0+60x80' }
                      - { series: 'kismet_save_duration_seconds_bucket{le="+Inf"}', values: '0+60x80' }
                      - { series: 'kismet_journal_length', values: '20000x80' }
                      - { series: 'http_server_request_duration_seconds_count{http_response_status_code="200"}', values: '0+600x80' }
                      - { series: 'http_server_request_duration_seconds_count{http_response_status_code="503"}', values: '0+30x80' }
                      - { series: 'kismet_partition_devices_set_aside_total', values: '0x70 1x10' }
                    promql_expr_test:
                      - expr: 'sum by (alertname) (ALERTS{alertstate="firing"})'
                        eval_time: 75m
                        exp_samples:
                          - { labels: '{alertname="KismetNothingMeasured"}', value: 1 }
                          - { labels: '{alertname="KismetSensorsGone"}', value: 1 }
                          - { labels: '{alertname="KismetSensorDrops"}', value: 1 }
                          - { labels: '{alertname="KismetSpoolDrops"}', value: 1 }
                          - { labels: '{alertname="KismetSavesFail"}', value: 1 }
                          - { labels: '{alertname="KismetSavesSlow"}', value: 1 }
                          - { labels: '{alertname="KismetJournalGrows"}', value: 1 }
                          - { labels: '{alertname="KismetRequestsFail"}', value: 1 }
                          - { labels: '{alertname="KismetDevicesSetAside"}', value: 1 }
                """);
            _ = await Programs.RunAsync(Programs.Promtool, "test", "rules", tests);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
