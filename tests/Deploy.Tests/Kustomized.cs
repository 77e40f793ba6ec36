using System.Diagnostics;
using System.Text.Json;

namespace KismetOrleans.Deploy.Tests;

/// <summary>What kubectl makes of a folder of manifests. No cluster is asked.</summary>
internal sealed class Kustomized
{
    private static readonly string[] s_workloads = ["Deployment", "StatefulSet", "DaemonSet"];

    private Kustomized(JsonElement[] resources) => Resources = resources;

    /// <summary>All resources.</summary>
    public JsonElement[] Resources { get; }

    /// <summary>Those that run pods.</summary>
    public IEnumerable<JsonElement> Workloads => Resources.Where(static r => s_workloads.Contains(r.Text("kind")));

    /// <summary>Whether there is a kubectl on this machine; without one nothing can be rendered.</summary>
    public static bool IsPossible { get; } = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Any(static folder => File.Exists(Path.Combine(folder, "kubectl")));

    /// <summary>Renders.</summary>
    public static Kustomized Render(string folder)
    {
        ProcessStartInfo start = new("kubectl", ["kustomize", Path.Combine(Repository.Root, folder)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
        Assert.Equal("", errors.Result);
        return new(Yaml.Parse(output));
    }

    /// <summary>The resource of a kind and name.</summary>
    public JsonElement One(string kind, string name) => Assert.Single(Of(kind), r => r.Text("metadata.name") == name);

    /// <summary>The resources of a kind.</summary>
    public IEnumerable<JsonElement> Of(string kind) => Resources.Where(r => r.Text("kind") == kind);

    /// <summary>The containers of a workload, those that run first included.</summary>
    public static IEnumerable<JsonElement> Containers(JsonElement workload) =>
        workload.List("spec.template.spec.initContainers").Concat(workload.List("spec.template.spec.containers"));

    /// <summary>Whether a selector takes a workload's pods.</summary>
    public static bool Selects(IReadOnlyDictionary<string, string> selector, JsonElement workload) =>
        workload.Map("spec.template.metadata.labels") is var labels && selector.All(pair => labels.GetValueOrDefault(pair.Key) == pair.Value);
}
