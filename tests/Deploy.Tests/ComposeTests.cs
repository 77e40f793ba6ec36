using System.Text.Json;
using System.Text.RegularExpressions;

namespace KismetOrleans.Deploy.Tests;

/// <summary>compose.yaml: what it refers to exists, and no password is in it.</summary>
public sealed partial class ComposeTests
{
    private static readonly string s_text = Repository.Read("compose.yaml");
    private static readonly JsonElement s_compose = Assert.Single(Yaml.Parse(s_text));
    private static readonly JsonElement s_services = s_compose.At("services");

    [Fact]
    public void A_cluster_has_two_silos_and_two_servers_that_wait_for_the_schema()
    {
        Assert.Equal(
            ["api-1", "api-2", "capture", "postgres", "schema", "silo-1", "silo-2"], s_services.EnumerateObject().Select(static s => s.Name).Order());
        Assert.Equal("KismetOrleans.Silo.dll,schema,apply", Command("schema"));
        Assert.All(["silo-1", "silo-2"], static silo =>
        {
            Assert.Equal("KismetOrleans.Silo.dll", Command(silo));
            Assert.Equal("service_completed_successfully", s_services.Text(silo + ".depends_on.schema.condition"));
        });
        Assert.All(["api-1", "api-2"], static api =>
        {
            Assert.Equal("KismetOrleans.Api.dll", Command(api));
            // Without it, it would be an embedded server.
            Assert.NotNull(s_services.Text(api + ".environment.Storage__Postgres"));
            Assert.Equal("service_healthy", s_services.Text(api + ".depends_on.silo-1.condition"));
            Assert.StartsWith("127.0.0.1:", s_services.Text(api + ".ports.0"), StringComparison.Ordinal);
        });
        Assert.Equal("[\"capture\"]", s_services.At("capture.profiles").GetRawText());
    }

    [Fact]
    public void Whatever_is_referred_to_is_there()
    {
        foreach (JsonProperty service in s_services.EnumerateObject())
        {
            Assert.All(service.Value.Map("depends_on").Keys, static other => s_services.At(other));
            Assert.All(
                service.Value.List("volumes"), static volume => Assert.True(s_compose.TryAt("volumes." + volume.ToString().Split(':')[0], out _)));
            Assert.True(service.Value.Text("build.dockerfile") is not { } file || Repository.Has(file));
        }
        IEnumerable<JsonProperty> built = s_services.EnumerateObject().Where(static s => s.Value.TryAt("build", out _));
        Assert.Matches("^postgres:17@sha256:[0-9a-f]{64}$", s_services.Text("postgres.image"));
        string[] images = [s_services.Text("postgres.image")!, .. built.Select(static s => s.Value.Text("image")!)];
        Assert.All(s_services.EnumerateObject(), service => Assert.Contains(service.Value.Text("image")!, images));
    }

    [Fact]
    public void Secrets_must_be_set_and_every_variable_is_in_the_example()
    {
        IReadOnlyDictionary<string, string> example = Repository.Variables(".env.example");
        foreach (Match use in Variable().Matches(s_text))
        {
            string name = use.Groups[1].Value;
            Assert.Contains(name, example.Keys);
            bool secret = name is "POSTGRES_PASSWORD" or "INGEST_KEY";
            Assert.Equal(secret ? ":?" : ":-", use.Groups[2].Value);
            Assert.False(secret && example[name].Length > 0, name);
        }
        Assert.All(s_services.EnumerateObject().SelectMany(static s => s.Value.Map("environment")), static variable =>
            Assert.True(!Secret().IsMatch(variable.Key) || variable.Value.StartsWith("${", StringComparison.Ordinal), variable.Key));
    }

    [Fact]
    public void Containers_give_up_what_they_do_not_need() => Assert.All(
        s_services.EnumerateObject().Where(static service => service.Name != "postgres"),
        static service =>
        {
            Assert.Equal("True", service.Value.Text("read_only"));
            Assert.Equal("ALL", service.Value.Text("cap_drop.0"));
            Assert.Equal("no-new-privileges:true", service.Value.Text("security_opt.0"));
            Assert.Equal(service.Name == "capture" ? "NET_RAW,NET_ADMIN" : "", string.Join(',', service.Value.List("cap_add")));
        });

    private static string Command(string service) => string.Join(',', s_services.List(service + ".command"));

    [GeneratedRegex(@"\$\{([A-Z_]+)(:[-?])")]
    private static partial Regex Variable();

    [GeneratedRegex("PASSWORD|_KEY|__Key$")]
    private static partial Regex Secret();
}
