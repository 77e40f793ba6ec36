using System.Text.RegularExpressions;

namespace KismetOrleans.Deploy.Tests;

/// <summary>What images are built from exists, and they run as nobody of importance.</summary>
public sealed partial class ImageTests
{
    public static TheoryData<string> Images =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "docker"), "*.Dockerfile").Select(static path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Images))]
    public void Everything_copied_is_in_the_tree_and_sent_to_the_builder(string image)
    {
        string[] sent = [.. Repository.Read(".dockerignore").Split('\n').Where(static line => line.StartsWith('!')).Select(static line => line[1..])];
        string[] copied = [.. Instructions(image, "COPY").Where(static copy => !copy.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(static copy => copy.Split(' ')[..^1])];
        Assert.Contains("src", copied);
        Assert.All(copied, path => Assert.True(Repository.Has(path) && sent.Contains(path), path));
        Assert.All(sent, path => Assert.True(Repository.Has(path), path));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void What_is_published_is_what_is_started(string image)
    {
        string project = Assert.Single(Published().Matches(Repository.Read("docker/" + image))).Groups[1].Value;
        Assert.True(Repository.Has(project), project);
        string entry = Assert.Single(Instructions(image, "ENTRYPOINT"));
        string check = Instructions(image, "HEALTHCHECK").SingleOrDefault("");
        if (image == "server.Dockerfile")
        {
            // Two programs: compose.yaml and the manifests say which. The one refers to the other, so that both are published.
            Assert.Equal("src/Api/Api.csproj", project);
            Assert.Contains("../Silo/Silo.csproj", Repository.Read(project), StringComparison.Ordinal);
            Assert.Equal(("[\"dotnet\"]", "/app"), (entry, Instructions(image, "WORKDIR").Last()));
            Assert.EndsWith("CMD [\"dotnet\", \"/app/KismetOrleans.Silo.dll\", \"health\"]", check, StringComparison.Ordinal);
            return;
        }
        // Directory.Build.props names assemblies so.
        string assembly = $"/app/KismetOrleans.{Path.GetFileNameWithoutExtension(project)}.dll";
        Assert.Equal($"[\"dotnet\", \"{assembly}\"]", entry);
        Assert.EndsWith(image == "capture.Dockerfile" ? "" : $"CMD [\"dotnet\", \"{assembly}\", \"health\"]", check, StringComparison.Ordinal);
        Assert.Equal(image == "capture.Dockerfile", check.Length == 0);
    }

    [Fact]
    public void Every_project_has_a_lock_file_of_its_packages_with_hashes_and_images_and_CI_hold_to_it()
    {
        string[] projects = [.. new[] { "src", "tests", "tools", "bench", "fuzz", "samples" }.SelectMany(static folder =>
            Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))];
        Assert.NotEmpty(projects);
        Assert.All(projects, static project => Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")), project));
        Assert.Contains("\"contentHash\"", Repository.Read("src/Api/packages.lock.json"), StringComparison.Ordinal);
        Assert.Contains("--locked-mode", Repository.Read(".ci/run"), StringComparison.Ordinal);
        foreach (string image in Directory.GetFiles(Path.Combine(Repository.Root, "docker"), "*.Dockerfile"))
        {
            Assert.Contains("-p:RestoreLockedMode=true", File.ReadAllText(image), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Nobody_is_root_and_no_base_is_the_newest_by_chance(string image)
    {
        Assert.Equal("1654:1654", Instructions(image, "USER").Last());
        string[] bases = [.. Instructions(image, "FROM").Select(static from => from.Split(' ')[0])];
        // An agent has no pages to build.
        string[] pages = image == "capture.Dockerfile" ? [] : ["node:22-bookworm-slim"];
        Assert.Equal(pages, bases[..^2].Select(static from => from.Split('@')[0]));
        Assert.All(bases[^2..], static from => Assert.Matches(@"^mcr\.microsoft\.com/dotnet/(sdk|aspnet|runtime):10\.0-noble(-chiseled)?@", from));
        // A tag moves; what it is today is said by its digest.
        Assert.All(bases, static from => Assert.Matches("@sha256:[0-9a-f]{64}$", from));
    }

    // Instructions of a kind, with the lines that they go on in.
    private static IEnumerable<string> Instructions(string image, string name) => Continued().Replace(Repository.Read("docker/" + image), " ")
        .Split('\n').Where(line => line.StartsWith(name + " ", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..].Trim());

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"dotnet publish (\S+\.csproj)")]
    private static partial Regex Published();
}
