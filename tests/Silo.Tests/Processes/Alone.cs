namespace KismetOrleans.Silo.Tests.Processes;

/// <summary>Tests that say how long something may take, and so run beside no others.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
