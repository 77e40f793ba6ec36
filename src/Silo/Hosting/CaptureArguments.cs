namespace KismetOrleans.Silo.Hosting;

/// <summary>Which datasources to open: configuration key <c>Sources</c>, an array of Kismet's source definitions.</summary>
public static class CaptureArguments
{
    internal const string Key = "Sources";

    /// <summary>Key of the array that the command line makes.</summary>
    public const string CommandLineKey = "CommandLineSources";

    /// <summary>The definitions to open: those of the command line, and only without any those of the settings, as Kismet does.</summary>
    public static string[] Of(IConfiguration configuration) =>
        configuration.GetSection(CommandLineKey).Get<string[]>() ?? configuration.GetSection(Key).Get<string[]>() ?? [];

    /// <summary>Takes <c>-c definition</c> (also <c>-c=definition</c>, <c>--capture definition</c>), which may repeat, out of the command line.</summary>
    /// <param name="definitions">The definitions, in order.</param>
    /// <returns>The rest, for ASP.NET's configuration.</returns>
    /// <exception cref="ArgumentException">A definition is missing after the option.</exception>
    internal static string[] TakeDefinitions(string[] args, out IReadOnlyList<string> definitions)
    {
        List<string> found = [];
        List<string> rest = [];
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "-c" or "--capture")
            {
                if (i + 1 == args.Length)
                {
                    throw new ArgumentException($"{args[i]}: a source definition must follow, as in -c file.pcap or -c wlan0:name=lobby");
                }
                found.Add(args[++i]);
            }
            else if (args[i].StartsWith("-c=", StringComparison.Ordinal) || args[i].StartsWith("--capture=", StringComparison.Ordinal))
            {
                found.Add(args[i][(args[i].IndexOf('=', StringComparison.Ordinal) + 1)..]);
            }
            else
            {
                rest.Add(args[i]);
            }
        }
        definitions = found;
        return [.. rest];
    }
}
