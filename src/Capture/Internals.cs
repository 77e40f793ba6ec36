using System.Runtime.CompilerServices;

// Tests reach what no machine at hand would do: errors of libpcap.
[assembly: InternalsVisibleTo("KismetOrleans.Capture.Tests")]
