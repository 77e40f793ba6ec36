using System.Runtime.CompilerServices;

// Tests read what scanners report out of the octets that carry it.
[assembly: InternalsVisibleTo("KismetOrleans.Grains.Tests")]
