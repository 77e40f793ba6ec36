using System.Text.Json;

namespace KismetOrleans.Deploy.Tests;

/// <summary>What network policies allow between the workloads of the servers' namespace: their union, out and in.</summary>
internal sealed class Network(Kustomized all)
{
    private const string Home = "kismetorleans";
    private readonly JsonElement[] _policies = [.. all.Of("NetworkPolicy").Where(static p => p.Text("metadata.namespace") == Home)];

    /// <summary>Whether a policy without rules takes all pods, both ways.</summary>
    public bool DeniesByDefault => _policies.Any(static policy =>
        policy.Map("spec.podSelector").Count == 0 && policy.List("spec.policyTypes").Select(static t => t.ToString()).Order().SequenceEqual(["Egress", "Ingress"])
        && !policy.List("spec.ingress").Any() && !policy.List("spec.egress").Any());

    /// <summary>Whether one workload's pods may connect to another's.</summary>
    public bool Allows(string source, string target, int port) =>
        Rules(source, "egress").Any(rule => HasPort(rule, port) && rule.List("to").Any(peer => IsPods(peer, target)))
        && Rules(target, "ingress").Any(rule => HasPort(rule, port) && rule.List("from").Any(peer => IsPods(peer, source)));

    /// <summary>Whether anything but pods of the namespace may connect.</summary>
    public bool AllowsFromOutside(string target, int port) => Rules(target, "ingress").Any(
        rule => HasPort(rule, port) && (!rule.List("from").Any() || rule.List("from").Any(static peer => !peer.TryGetProperty("podSelector", out _))));

    /// <summary>Whether a workload's pods may connect to another namespace's.</summary>
    public bool AllowsOut(string source, string @namespace, int port) => Rules(source, "egress").Any(
        rule => HasPort(rule, port) && rule.List("to").Any(peer => peer.TryGetProperty("namespaceSelector", out _)
            && (peer.Map("namespaceSelector.matchLabels") is { Count: 0 } || peer.Map("namespaceSelector.matchLabels").Values.Contains(@namespace))));

    private IEnumerable<JsonElement> Rules(string workload, string direction) => _policies
        .Where(policy => Kustomized.Selects(policy.Map("spec.podSelector.matchLabels"), Workload(workload)))
        .SelectMany(policy => policy.List("spec." + direction));

    private bool IsPods(JsonElement peer, string workload) =>
        peer.TryGetProperty("podSelector", out _) && !peer.TryGetProperty("namespaceSelector", out _)
        && Kustomized.Selects(peer.Map("podSelector.matchLabels"), Workload(workload));

    private JsonElement Workload(string name) => all.Workloads.Single(w => w.Text("metadata.name") == name);

    private static bool HasPort(JsonElement rule, int port) =>
        !rule.List("ports").Any() || rule.List("ports").Any(p => p.Text("port") == port.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
