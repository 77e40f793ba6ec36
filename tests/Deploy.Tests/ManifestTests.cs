using System.Text.Json;
using System.Text.RegularExpressions;

namespace KismetOrleans.Deploy.Tests;

/// <summary>The Kubernetes manifests as kubectl renders them. Where there is no kubectl, they are not looked at.</summary>
public sealed partial class ManifestTests
{
    private const string Trial = "k8s";
    private const string Operator = "k8s/overlays/operator";
    private static readonly Dictionary<string, Kustomized> s_rendered =
        Kustomized.IsPossible ? ((string[])[Trial, Operator]).ToDictionary(static folder => folder, Kustomized.Render) : [];

    [Theory]
    [InlineData(Trial)]
    [InlineData(Operator)]
    public void Pods_have_no_more_rights_than_they_need(string folder) => ForEachWorkload(folder, static workload =>
    {
        JsonElement pod = workload.At("spec.template.spec");
        Assert.Equal("False", pod.Text("automountServiceAccountToken"));
        Assert.Equal("RuntimeDefault", pod.Text("securityContext.seccompProfile.type"));
        bool capture = workload.Text("metadata.name") == "capture";
        Assert.Equal(capture ? null : "True", pod.Text("securityContext.runAsNonRoot"));
        Assert.Equal(capture ? "True" : null, pod.Text("hostNetwork"));
        Assert.All(Kustomized.Containers(workload), container =>
        {
            Assert.Equal("False", container.Text("securityContext.allowPrivilegeEscalation"));
            Assert.Equal("True", container.Text("securityContext.readOnlyRootFilesystem"));
            Assert.Null(container.Text("securityContext.privileged"));
            Assert.Equal(["ALL"], Texts(container, "securityContext.capabilities.drop"));
            Assert.Equal(capture ? ["NET_RAW", "NET_ADMIN"] : [], Texts(container, "securityContext.capabilities.add"));
            Assert.NotNull(container.Text("resources.requests.cpu"));
            Assert.NotNull(container.Text("resources.requests.memory"));
            Assert.NotNull(container.Text("resources.limits.memory"));
            // Our own have a version, others' a digest besides.
            Assert.Matches("^(kismetorleans/[a-z]+:[0-9.]+|[a-z/]+:[0-9.]+@sha256:[0-9a-f]{64})$", container.Text("image"));
        });
    });

    [Theory]
    [InlineData(Trial)]
    [InlineData(Operator)]
    public void Each_server_is_its_program_in_the_one_image(string folder) => ForEachWorkload(folder, static workload =>
    {
        if (workload.Text("metadata.name") is not ("silo" or "api"))
        {
            return;
        }
        JsonElement schema = workload.At("spec.template.spec.initContainers.0");
        JsonElement server = workload.At("spec.template.spec.containers.0");
        Assert.Equal(["KismetOrleans.Silo.dll", "schema", "apply"], Texts(schema, "args"));
        Assert.Equal([workload.Text("metadata.name") == "silo" ? "KismetOrleans.Silo.dll" : "KismetOrleans.Api.dll"], Texts(server, "args"));
        Assert.Equal(schema.Text("image"), server.Text("image"));
    });

    [Theory]
    [InlineData(Trial)]
    [InlineData(Operator)]
    public void Servers_are_probed_where_they_answer(string folder) => ForEachWorkload(folder, static workload =>
    {
        if (workload.Text("metadata.name") is not ("silo" or "api"))
        {
            return;
        }
        JsonElement container = workload.At("spec.template.spec.containers.0");
        string[] ports = [.. container.List("ports").Select(static port => port.Text("name")!)];
        Assert.Equal("/healthz/ready", container.Text("startupProbe.httpGet.path"));
        Assert.Equal("/healthz/ready", container.Text("readinessProbe.httpGet.path"));
        Assert.Equal("/healthz/live", container.Text("livenessProbe.httpGet.path"));
        foreach (string probe in (string[])["startupProbe", "readinessProbe", "livenessProbe"])
        {
            string port = container.Text(probe + ".httpGet.port")!;
            Assert.Contains(port, ports);
            string number = container.List("ports").Single(p => p.Text("name") == port).Text("containerPort")!;
            // Probes speak plain HTTP; agents have a port of their own.
            Assert.Equal("http://0.0.0.0:" + number, Environment(container)["Urls"].Text("value")!.Split(';')[0]);
            // The server itself gives a check a second and a quarter.
            Assert.True(int.Parse(container.Text(probe + ".timeoutSeconds")!, null) >= 2);
        }
        int grace = int.Parse(workload.Text("spec.template.spec.terminationGracePeriodSeconds")!, null);
        Assert.True(int.Parse(container.Text("lifecycle.preStop.sleep.seconds")!, null) + 30 <= grace, "no time is left to end in order");
        Assert.NotEmpty(workload.List("spec.template.spec.topologySpreadConstraints"));
    });

    [Theory]
    [InlineData(Trial)]
    [InlineData(Operator)]
    public void Every_selector_selects_and_every_port_exists(string folder)
    {
        if (!s_rendered.TryGetValue(folder, out Kustomized? all))
        {
            return;
        }
        Assert.All(all.Workloads, static workload => Assert.True(Kustomized.Selects(workload.Map("spec.selector.matchLabels"), workload)));
        Assert.All(all.Of("PodDisruptionBudget"), budget =>
        {
            Assert.Equal("1", budget.Text("spec.maxUnavailable"));
            Assert.Single(all.Workloads, workload => Kustomized.Selects(budget.Map("spec.selector.matchLabels"), workload));
        });
        Assert.Equal(["api", "silo"], all.Of("PodDisruptionBudget").Select(static b => b.Text("metadata.name")!).Order());
        Assert.All(all.Of("Service"), service =>
        {
            JsonElement workload = Assert.Single(all.Workloads, w => Kustomized.Selects(service.Map("spec.selector"), w));
            string[] ports = [.. Kustomized.Containers(workload).SelectMany(static c => c.List("ports")).Select(static p => p.Text("name")!)];
            Assert.All(service.List("spec.ports"), port => Assert.Contains(port.Text("targetPort")!, ports));
        });
        JsonElement scaler = Assert.Single(all.Of("HorizontalPodAutoscaler"));
        JsonElement scaled = all.One(scaler.Text("spec.scaleTargetRef.kind")!, scaler.Text("spec.scaleTargetRef.name")!);
        Assert.Null(scaled.Text("spec.replicas"));
        Assert.All(
            all.Of("StatefulSet"), set => Assert.Equal("None", all.One("Service", set.Text("spec.serviceName")!).Text("spec.clusterIP")));
    }

    [Theory]
    [InlineData(Trial)]
    [InlineData(Operator)]
    public void No_secret_is_shipped_and_those_that_are_meant_are_in_the_example(string folder)
    {
        if (!s_rendered.TryGetValue(folder, out Kustomized? all))
        {
            return;
        }
        Assert.Empty(all.Of("Secret"));
        IReadOnlyDictionary<string, string> example = Repository.Variables("k8s/base/secrets.env.example");
        Assert.Equal("", example["postgres-password"] + example["admin-username"] + example["admin-password"]);
        foreach (JsonElement variable in all.Workloads.SelectMany(Kustomized.Containers).SelectMany(static c => c.List("env")))
        {
            string name = variable.Text("name")!;
            bool secret = name.EndsWith("PASSWORD", StringComparison.Ordinal) || name.EndsWith("KEY", StringComparison.Ordinal)
                || (name.EndsWith("__Key", StringComparison.Ordinal) && !IsMounted(variable)) || name.EndsWith("__Password", StringComparison.Ordinal);
            Assert.Equal(secret || name is "PGUSER" or "POSTGRES_USER" or "Auth__Username", variable.TryAt("valueFrom.secretKeyRef", out JsonElement source));
            if (source.ValueKind == JsonValueKind.Object && source.Text("name") == "kismetorleans")
            {
                Assert.Contains(source.Text("key")!, example.Keys);
            }
            else if (source.ValueKind == JsonValueKind.Object)
            {
                // What CloudNativePG calls the secret that it makes for the owner of the database.
                Assert.Equal("kismetorleans-db-app", source.Text("name"));
            }
        }
        Assert.All(all.Of("ConfigMap"), static map => Assert.DoesNotContain("password", map.ToString(), StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Only_what_must_talk_may()
    {
        if (!s_rendered.TryGetValue(Trial, out Kustomized? all))
        {
            return;
        }
        Network network = new(all);
        Assert.True(network.DeniesByDefault);
        string[] pods = ["silo", "api", "postgres"];
        int[] ports = [2501, 2502, 5432, 8081, 11111, 30000];
        IEnumerable<string> allowed =
            from source in pods from target in pods from port in ports where network.Allows(source, target, port) select $"{source} → {target}:{port}";
        Assert.Equal(
            ["silo → silo:11111", "silo → silo:30000", "silo → postgres:5432", "api → silo:30000", "api → postgres:5432"], allowed);
        // The ingress, and agents over TLS.
        Assert.All(pods, pod => Assert.Equal(pod == "api", network.AllowsFromOutside(pod, 2501)));
        Assert.All(pods, pod => Assert.Equal(pod == "api", network.AllowsFromOutside(pod, 2502)));
        Assert.All(["silo", "api"], pod => Assert.True(network.AllowsOut(pod, "kube-system", 53) && network.AllowsOut(pod, "observability", 4317)));
        Assert.False(network.AllowsOut("postgres", "observability", 4317));
    }

    [Fact]
    public void Agents_run_where_a_node_says_so_and_keep_what_is_not_saved()
    {
        if (!s_rendered.TryGetValue(Trial, out Kustomized? all))
        {
            return;
        }
        JsonElement pod = all.One("DaemonSet", "capture").At("spec.template.spec");
        Assert.Equal("true", pod.Map("nodeSelector")["kismetorleans.io/sensor"]);
        Assert.Equal("ClusterFirstWithHostNet", pod.Text("dnsPolicy"));
        JsonElement container = pod.At("containers.0");
        string[] args = [.. Texts(container, "args")];
        JsonElement service = all.One("Service", "sensors");
        Assert.Equal("None", service.Text("spec.clusterIP"));
        Assert.Equal(
            $"https://{service.Text("metadata.name")}.{service.Text("metadata.namespace")}.svc.cluster.local:{service.Text("spec.ports.0.port")}",
            args[Array.IndexOf(args, "--server") + 1]);
        // Of all keys its own alone, and the authority of the server's certificate.
        Assert.Equal("/etc/kismetorleans/key", args[Array.IndexOf(args, "--key-file") + 1]);
        JsonElement[] keys = [.. container.List("volumeMounts").Where(static m => m.Text("name") == "keys")];
        Assert.Equal("$(NODE_NAME)", keys.Single(static m => m.Text("mountPath") == "/etc/kismetorleans/key").Text("subPathExpr"));
        Assert.Equal(Environment(container)["SSL_CERT_FILE"].Text("value"), keys.Single(static m => m.Text("subPath") == "ca.crt").Text("mountPath"));
        JsonElement mount = container.List("volumeMounts").Single(static m => m.Text("name") == "spool");
        Assert.StartsWith(mount.Text("mountPath")! + "/", args[Array.IndexOf(args, "--spool") + 1], StringComparison.Ordinal);
        Assert.NotNull(pod.List("volumes").Single(static v => v.Text("name") == "spool").Text("hostPath.path"));
    }

    [Fact]
    public void The_operators_cluster_is_what_servers_connect_to()
    {
        if (!s_rendered.TryGetValue(Operator, out Kustomized? all))
        {
            return;
        }
        JsonElement cluster = Assert.Single(all.Of("Cluster"));
        string settings = Assert.Single(all.Of("ConfigMap")).Map("data")["Storage__Postgres"];
        Assert.Contains($"Host={cluster.Text("metadata.name")}-rw;", settings, StringComparison.Ordinal);
        Assert.Contains($"Database={cluster.Text("spec.bootstrap.initdb.database")};", settings, StringComparison.Ordinal);
        string[] secrets = [.. all.Workloads.Where(static w => w.Text("metadata.name") is "silo" or "api").SelectMany(Kustomized.Containers)
            .SelectMany(static c => c.List("env")).Where(static v => v.Text("name")!.StartsWith("PG", StringComparison.Ordinal))
            .Select(static v => $"{v.Text("name")} {v.Text("valueFrom.secretKeyRef.name")} {v.Text("valueFrom.secretKeyRef.key")}").Distinct()];
        Assert.Equal(
            [$"PGUSER {cluster.Text("metadata.name")}-app username", $"PGPASSWORD {cluster.Text("metadata.name")}-app password"], secrets);
        Assert.DoesNotContain(all.Workloads, static workload => workload.Text("metadata.name") == "postgres");
    }

    [Theory]
    [InlineData(Trial)]
    [InlineData(Operator)]
    public void Whatever_leaves_a_pod_is_over_TLS_with_certificates_that_are_checked(string folder)
    {
        if (!s_rendered.TryGetValue(folder, out Kustomized? all))
        {
            return;
        }
        IReadOnlyDictionary<string, string> settings = Assert.Single(all.Of("ConfigMap")).Map("data");
        string postgres = settings["Storage__Postgres"];
        Assert.Contains("SSL Mode=VerifyFull;", postgres, StringComparison.Ordinal);
        string[] files = [.. settings.Where(static s => s.Key.StartsWith("Cluster__Tls__", StringComparison.Ordinal)).Select(static s => s.Value), CertificateFile().Match(postgres).Groups[1].Value];
        Assert.Equal(4, files.Length);
        foreach (JsonElement workload in all.Workloads.Where(static w => w.Text("metadata.name") is "silo" or "api"))
        {
            // Both containers of the pod: the schema's needs the database, and reads the same settings.
            Assert.All(Kustomized.Containers(workload), container =>
            {
                string[] mounts = [.. container.List("volumeMounts").Select(static m => m.Text("mountPath")!)];
                Assert.All(files, file => Assert.Contains(Path.GetDirectoryName(file), mounts));
            });
            string[] volumes = [.. workload.List("spec.template.spec.volumes").Select(static v => v.Text("name")!)];
            Assert.All(Kustomized.Containers(workload).SelectMany(static c => c.List("volumeMounts")), mount => Assert.Contains(mount.Text("name")!, volumes));
        }
        Assert.Contains(";https://0.0.0.0:2502", Environment(all.One("Deployment", "api").At("spec.template.spec.containers.0"))["Urls"].Text("value"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Trial)]
    [InlineData(Operator)]
    public void What_signs_sessions_is_not_in_the_database_alone(string folder)
    {
        if (!s_rendered.TryGetValue(folder, out Kustomized? all))
        {
            return;
        }
        JsonElement api = all.One("Deployment", "api");
        string file = Environment(api.At("spec.template.spec.containers.0"))["Auth__SecretFile"].Text("value")!;
        JsonElement mount = api.At("spec.template.spec.containers.0").List("volumeMounts").Single(mount => mount.Text("mountPath") == Path.GetDirectoryName(file));
        JsonElement volume = api.List("spec.template.spec.volumes").Single(volume => volume.Text("name") == mount.Text("name"));
        Assert.Equal("kismetorleans-session", volume.Text("secret.secretName"));
        Assert.Contains($"kismetorleans-session --from-file={Path.GetFileName(file)}=session", Repository.Read("docs/operations.md"), StringComparison.Ordinal);
    }

    [GeneratedRegex("Root Certificate=([^;]+);")]
    private static partial Regex CertificateFile();

    // A file's name is no secret.
    private static bool IsMounted(JsonElement variable) => variable.Text("value")?.StartsWith("/etc/kismetorleans/", StringComparison.Ordinal) == true;

    private static void ForEachWorkload(string folder, Action<JsonElement> check)
    {
        if (s_rendered.TryGetValue(folder, out Kustomized? all))
        {
            Assert.True(all.Workloads.Count() >= 3);
            Assert.All(all.Workloads, check);
        }
    }

    private static IEnumerable<string> Texts(JsonElement element, string path) => element.List(path).Select(static text => text.ToString());

    private static Dictionary<string, JsonElement> Environment(JsonElement container) =>
        container.List("env").ToDictionary(static variable => variable.Text("name")!);
}
