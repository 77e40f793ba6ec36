namespace KismetOrleans.Silo;

/// <summary>A process of the cluster.</summary>
public static class Entry
{
    /// <summary>Runs it.</summary>
    public static int Main(string[] args) => args.Length;
}
