namespace KismetOrleans.Grains;

/// <summary>How often the grains of which there is one live while the server does.</summary>
/// <param name="AreMany">Whether one that its silo's death ended lives again in another silo.</param>
public sealed record GrainLives(bool AreMany);
