using System.Text.RegularExpressions;

namespace KismetOrleans.Deploy.Tests;

/// <summary>What the server measures, as Prometheus names what comes by OTLP.</summary>
internal static partial class Metrics
{
    // Not ours: ASP.NET's, whose name is part of OpenTelemetry's conventions.
    private const string Requests = "http_server_request_duration_seconds";

    public static readonly IReadOnlySet<string> Measured = ReadMeasured();

    /// <summary>The metrics that an expression of PromQL asks for.</summary>
    public static IEnumerable<string> AskedIn(string expression) => Asked().Matches(expression).Select(static match => match.Value);

    private static HashSet<string> ReadMeasured()
    {
        HashSet<string> measured = [Requests + "_bucket", Requests + "_count"];
        foreach (Match match in Metric().Matches(Repository.Read("src/Engine/Operations/Meters.cs")))
        {
            string name = match.Groups["name"].Value.Replace('.', '_');
            string[] names = match.Groups["kind"].Value switch
            {
                "Counter" => [name + "_total"],
                "Histogram" => [name + "_seconds_bucket", name + "_seconds_count"],
                _ => [name],
            };
            measured.UnionWith(names);
        }
        return measured;
    }

    [GeneratedRegex("""Create(?:Observable)?(?<kind>Counter|Histogram|Gauge)(?:<\w+>)?\(\s*"(?<name>kismet\.[a-z._]+)""")]
    private static partial Regex Metric();

    [GeneratedRegex("(?:kismet|http_server)_[a-z_]+")]
    private static partial Regex Asked();
}
