using System.Globalization;

namespace KismetOrleans.Fuzz;

/// <summary>What the command line asks for.</summary>
/// <param name="Paths">Captures and folders of captures.</param>
/// <param name="Seconds">How long.</param>
/// <param name="Seed">Where the random numbers begin; the same seed and captures make the same inputs.</param>
/// <param name="Failures">Folder that takes the inputs that failed.</param>
/// <param name="Differential">Frames that are compared with tshark instead; 0 for none.</param>
internal sealed record Options(IReadOnlyList<string> Paths, double Seconds, ulong Seed, string Failures, int Differential)
{
    public const string Usage = """
        usage: Fuzz [--seconds N] [--seed N] [--failures FOLDER] [CAPTURE-OR-FOLDER...]
          Cuts and spoils captures and has them read, dissected, tracked and printed, until N (60) seconds have passed.
          Without captures it takes samples/ and, where they are, those of ../shared. One capture alone is first run as it is,
          so that a failure can be run again by its file.
               Fuzz --differential N [--seed N] [--failures FOLDER]
          Makes N frames with every element in every order, length and fault, and compares what tshark says of them with our records.
        """;

    public static Options? Parse(string[] args)
    {
        List<string> paths = [];
        double seconds = 60;
        ulong seed = 1;
        string failures = "fuzz-failures";
        int differential = 0;
        for (int i = 0; i < args.Length; i++)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            switch (args[i])
            {
                case "--seconds" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && seconds >= 0:
                case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed) && seed > 0:
                case "--differential" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out differential) && differential > 0:
                    i++;
                    break;
                case "--failures" when value.Length > 0:
                    failures = value;
                    i++;
                    break;
                case { } path when !path.StartsWith('-'):
                    paths.Add(path);
                    break;
                default:
                    return null;
            }
        }
        return new(paths.Count > 0 ? paths : [.. DefaultPaths()], seconds, seed, failures, differential);
    }

    /// <summary>The repository's sample and the shared captures, by the working directory and its parents.</summary>
    private static IEnumerable<string> DefaultPaths()
    {
        for (DirectoryInfo? folder = new(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            foreach (string name in (string[])["samples", Path.Combine("shared", "captures")])
            {
                string path = Path.Combine(folder.FullName, name);
                if (Directory.Exists(path))
                {
                    yield return path;
                }
            }
        }
    }
}
