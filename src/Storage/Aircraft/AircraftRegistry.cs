using System.Globalization;
using System.IO.Compression;
using System.Text;
using KismetOrleans.Engine;
using KismetOrleans.Records.Adsb;

namespace KismetOrleans.Storage.Aircraft;

/// <summary>
/// A registry of aircraft in the form that Kismet's package <c>kismet-adsb-icao-data</c> installs, read when the first aircraft is heard: lines of six fields with tabs between (address in
/// hexadecimal digits, registration, type, model, owner, kind), gzip or plain, lines that begin with # left out. Safe for use by several threads.
/// </summary>
public sealed class AircraftRegistry : IAircraftRegistry
{
    /// <summary>Where Kismet's package puts it.</summary>
    public const string DefaultPath = "/usr/share/kismet/kismet_adsb_icao.txt.gz";

    // A tenfold of today's registers, so that a wrong file cannot fill the memory.
    private const int MaxBytes = 256 << 20;
    private const int Fields = 6;
    private const int BufferSize = 1 << 16;
    private static readonly Table s_none = new([], [], []);
    private readonly string _path;
    private readonly Action<string, bool> _report;
    private readonly Lazy<Table> _table;

    /// <summary>Makes a registry that will read <paramref name="path"/> when it is first asked.</summary>
    /// <param name="path">The file, which may be missing.</param>
    /// <param name="report">Is told once what was read, and whether something was wrong with it.</param>
    public AircraftRegistry(string path, Action<string, bool> report)
    {
        (_path, _report) = (path, report);
        _table = new(Load);
    }

    public AircraftRegistration? Find(uint icao) => _table.Value.Find(icao);

    private Table Load()
    {
        if (!File.Exists(_path))
        {
            _report($"no registry of aircraft: there is no {_path} (Kismet's package kismet-adsb-icao-data has one)", false);
            return s_none;
        }
        try
        {
            using FileStream file = new(_path, FileMode.Open, FileAccess.Read, FileShare.Read);
            bool isPacked = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            using Stream stream = isPacked ? new GZipStream(file, CompressionMode.Decompress) : file;
            Table table = Read(stream, out int bad);
            _report($"{table.Count} aircraft from {_path}{(bad == 0 ? "" : $"; {bad} lines make no sense and were left out")}", bad > 0);
            return table;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _report($"no registry of aircraft: {_path}: {e.Message}", true);
            return s_none;
        }
    }

    private static Table Read(Stream stream, out int bad)
    {
        MemoryStream texts = new();
        List<(uint Icao, int At)> found = [];
        bad = 0;
        using StreamReader reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, BufferSize);
        byte[] line = [];
        while (reader.ReadLine() is { } text)
        {
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }
            int tab = text.IndexOf('\t', StringComparison.Ordinal);
            if (tab < 0 || text.AsSpan().Count('\t') != Fields - 1 || !uint.TryParse(text.AsSpan(0, tab), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint icao) || icao > 0xFF_FFFF)
            {
                bad++;
                continue;
            }
            found.Add((icao, (int)texts.Length));
            int size = Encoding.UTF8.GetMaxByteCount(text.Length);
            line = line.Length < size ? new byte[size] : line;
            texts.Write(line, 0, Encoding.UTF8.GetBytes(text.AsSpan(tab + 1), line));
            texts.WriteByte((byte)'\n');
            if (texts.Length > MaxBytes)
            {
                throw new InvalidDataException($"has more than {MaxBytes} bytes");
            }
        }
        // Of two lines for one address the first counts.
        (uint Icao, int At)[] sorted = [.. found.DistinctBy(static entry => entry.Icao).OrderBy(static entry => entry.Icao)];
        return new([.. sorted.Select(static entry => entry.Icao)], [.. sorted.Select(static entry => entry.At)], texts.ToArray());
    }

    /// <summary>Addresses in order, and where each one's line begins among all, in UTF-8.</summary>
    private sealed class Table(uint[] addresses, int[] starts, byte[] texts)
    {
        public int Count => addresses.Length;

        public AircraftRegistration? Find(uint icao)
        {
            int index = Array.BinarySearch(addresses, icao);
            if (index < 0)
            {
                return null;
            }
            ReadOnlySpan<byte> rest = texts.AsSpan(starts[index]);
            AircraftRegistration found = new() { Mark = Next(ref rest), Type = Next(ref rest), Model = Next(ref rest), Owner = Next(ref rest) };
            found.Kind = rest[0] is >= (byte)'1' and <= (byte)'9' or (byte)'H' or (byte)'O' ? rest[0] : found.Kind;
            return found;
        }

        // All but the last field, which the parser has counted, end with a tab.
        private static string Next(ref ReadOnlySpan<byte> rest)
        {
            int end = rest.IndexOf((byte)'\t');
            string text = Encoding.UTF8.GetString(rest[..end]).Trim();
            rest = rest[(end + 1)..];
            return text;
        }
    }
}
