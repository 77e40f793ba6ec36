namespace KismetOrleans.Deploy.Tests;

/// <summary>What <c>dotnet publish src/Api</c> makes, which docs, images and releases begin with.</summary>
public sealed class PublishTests
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    [BuiltFact]
    public async Task Every_program_that_is_published_has_the_file_without_which_it_does_not_start()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            // Not compiled ahead, which takes a minute and changes no file's name.
            _ = await Programs.RunAsync(
                "dotnet", "publish", Path.Combine(Repository.Root, "src/Api/Api.csproj"), "-c", Configuration, "--no-build", "-p:PublishReadyToRun=false", "-o", folder.FullName, "--nologo");
            string[] programs = [.. Directory.GetFiles(folder.FullName, "*.runtimeconfig.json").Select(static path => Path.GetFileName(path).Replace(".runtimeconfig.json", "", StringComparison.Ordinal)).Order()];
            Assert.Equal(["KismetOrleans.Api", "KismetOrleans.Silo"], programs);
            Assert.All(programs, program => Assert.True(File.Exists(Path.Combine(folder.FullName, program + ".deps.json")), program));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A test of what the solution's build has made.</summary>
    private sealed class BuiltFactAttribute : FactAttribute
    {
        public BuiltFactAttribute() => Skip = Repository.Has($"src/Api/bin/{Configuration}/net10.0/KismetOrleans.Api.dll") ? null : "src/Api is not built";
    }
}
