using System.Text.Json;

namespace KismetOrleans.Deploy.Tests;

/// <summary>dashboards/kismetorleans.json: what it asks for is measured, under that name.</summary>
public sealed class DashboardTests
{
    private static readonly JsonElement s_dashboard = JsonDocument.Parse(Repository.Read("dashboards/kismetorleans.json")).RootElement;

    [Fact]
    public void Every_metric_is_one_that_the_server_has()
    {
        string[] expressions = [.. s_dashboard.GetProperty("panels").EnumerateArray().Where(static panel => panel.TryGetProperty("targets", out _))
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray()).Select(static target => target.GetProperty("expr").GetString()!)];
        string[] asked = [.. expressions.SelectMany(Metrics.AskedIn)];
        Assert.True(asked.Length > 15, $"{asked.Length} metrics");
        Assert.All(asked, static name => Assert.Contains(name, Metrics.Measured));
    }

    [Fact]
    public void Panels_do_not_lie_on_each_other_and_say_what_they_are()
    {
        HashSet<(int X, int Y)> taken = [];
        foreach (JsonElement panel in s_dashboard.GetProperty("panels").EnumerateArray())
        {
            JsonElement place = panel.GetProperty("gridPos");
            (int x, int y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
            for (int i = 0; i < place.GetProperty("w").GetInt32(); i++)
            {
                for (int j = 0; j < place.GetProperty("h").GetInt32(); j++)
                {
                    Assert.True(x + i < 24 && taken.Add((x + i, y + j)), panel.GetProperty("title").GetString());
                }
            }
            Assert.True(panel.GetProperty("type").GetString() == "row" || panel.GetProperty("description").GetString()!.Length > 0);
        }
    }
}
