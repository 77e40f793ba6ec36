using System.Globalization;

namespace KismetOrleans.Storage;

/// <summary>One step of a schema: the file <c>Migrations/NNNN_name.sql</c> of a database, embedded.</summary>
/// <param name="Version">Its number, from 1.</param>
/// <param name="Name">The rest of its name.</param>
internal sealed record Migration(int Version, string Name, string Sql)
{
    /// <summary>The steps of a database, in order.</summary>
    /// <param name="database">Folder, <c>Sqlite</c> or <c>Postgres</c>.</param>
    public static IReadOnlyList<Migration> Of(string database)
    {
        System.Reflection.Assembly assembly = typeof(Migration).Assembly;
        List<Migration> steps = [];
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(database + "/", StringComparison.Ordinal))
            {
                continue;
            }
            string[] name = resource[(database.Length + 1)..].Split('_', 2);
            using StreamReader reader = new(assembly.GetManifestResourceStream(resource)!);
            steps.Add(new(int.Parse(name[0], CultureInfo.InvariantCulture), name[1], reader.ReadToEnd()));
        }
        steps.Sort(static (a, b) => a.Version.CompareTo(b.Version));
        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i].Version != i + 1)
            {
                throw new InvalidOperationException($"The migrations of {database} lack number {i + 1}.");
            }
        }
        return steps;
    }
}
