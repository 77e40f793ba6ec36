using System.Runtime.CompilerServices;

// Tests reach the path that this machine's processor would not take.
[assembly: InternalsVisibleTo("KismetOrleans.Wire.Tests")]
