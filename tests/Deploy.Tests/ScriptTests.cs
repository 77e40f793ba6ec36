using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace KismetOrleans.Deploy.Tests;

/// <summary>What the scripts beside the manifests make is what the manifests need.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ko-scripts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [ProgramFact(Programs.Openssl)]
    public async Task Certificates_are_of_their_authority_and_for_the_names_that_are_connected_to()
    {
        await RunAsync("certificates.sh", _folder.FullName, "30");
        X509Certificate2 cluster = Load("cluster"), sensors = Load("sensors"), postgres = Load("postgres");
        Assert.True(IsOf("cluster-authority", cluster));
        // Who has another certificate is no member of the cluster.
        Assert.False(IsOf("cluster-authority", sensors) || IsOf("cluster-authority", postgres));
        Assert.True(IsOf("servers-authority", sensors) && IsOf("servers-authority", postgres));
        Assert.True(sensors.MatchesHostname("sensors.kismetorleans.svc.cluster.local"));
        Assert.True(postgres.MatchesHostname("postgres"));
        Assert.InRange(cluster.NotAfter - DateTime.Now, TimeSpan.FromDays(29), TimeSpan.FromDays(31));
        // The key is with it, and its owner's alone.
        using X509Certificate2 withKey = X509Certificate2.CreateFromPemFile(FileOf("cluster.crt"), FileOf("cluster.key"));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(FileOf("cluster.key")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));

        await RunAsync("certificates.sh", _folder.FullName);
        Assert.Equal(cluster.SerialNumber, Load("cluster").SerialNumber);
    }

    [ProgramFact(Programs.Openssl)]
    public async Task A_sensor_has_a_key_and_the_server_its_hash()
    {
        await RunAsync("sensor-keys.sh", _folder.FullName, "node-b", "node-a");
        string key = (await File.ReadAllTextAsync(FileOf("keys/node-a"))).Trim();
        Assert.Equal(48, key.Length);
        await RunAsync("sensor-keys.sh", _folder.FullName, "node-c");
        string[] lines = await File.ReadAllLinesAsync(FileOf("ingest.env"));
        Assert.Equal(
            ["Ingest__Keys__0__Name=node-a", "Ingest__Keys__1__Name=node-b", "Ingest__Keys__2__Name=node-c"], lines.Where(static line => line.Contains("__Name=", StringComparison.Ordinal)));
        Assert.Contains($"Ingest__Keys__0__KeySha256={Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(key)))}", lines);
    }

    private string FileOf(string name) => Path.Combine(_folder.FullName, name);

    private X509Certificate2 Load(string name) => X509Certificate2.CreateFromPem(File.ReadAllText(FileOf(name + ".crt")));

    private bool IsOf(string authority, X509Certificate2 certificate)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Load(authority));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static Task RunAsync(string script, params string[] args) => Programs.RunAsync("/bin/sh", [Path.Combine(Repository.Root, "k8s", script), .. args]);
}
