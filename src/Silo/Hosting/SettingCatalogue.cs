using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Xml.Linq;

namespace KismetOrleans.Silo.Hosting;

/// <summary>
/// The settings that a program knows, by their keys: what <c>--help</c> lists, and what the command line and the settings are checked against before anything starts.
/// </summary>
public sealed class SettingCatalogue
{
    // A number in a key is a place in a list.
    private const string Index = "*";

    // A name in a key is one that the user gives.
    private const string Named = "?";

    // Everything below a key is known to somebody else: ASP.NET's logging and Kestrel.
    private const string Any = "**";

    // More letters than this apart, a key is another word and no slip.
    private const int MostSlips = 4;
    private readonly List<Setting> _all = [];
    private readonly Dictionary<string, string> _renamed = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _documentation = [];

    /// <summary>The settings, in the order in which they were added.</summary>
    public IReadOnlyList<Setting> All => _all;

    /// <summary>Adds a setting.</summary>
    /// <param name="key">Its key; <c>*</c> in it for a number, <c>?</c> for a name, <c>**</c> at its end for anything.</param>
    /// <param name="type">What its values are.</param>
    /// <param name="meaning">What it says, in a sentence.</param>
    /// <returns>This.</returns>
    public SettingCatalogue Add(string key, Type type, string meaning)
    {
        _all.Add(new(key, type, () => meaning));
        return this;
    }

    /// <summary>Adds the properties of a class of options; their meaning is what their XML documentation says.</summary>
    /// <param name="section">Key of the section that is bound to it.</param>
    /// <returns>This.</returns>
    public SettingCatalogue Add<T>(string section)
    {
        Add(section, typeof(T));
        return this;
    }

    /// <summary>Notes that a setting had another name in a version before; it is taken by that, too.</summary>
    /// <returns>This.</returns>
    public SettingCatalogue Renamed(string before, string now)
    {
        _renamed.Add(before, now);
        return this;
    }

    /// <summary>The values of settings that were given by the name of a version before, by their keys; those that stand by their own name are left out.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Renames(IConfiguration configuration) => _renamed
        .Where(each => configuration[each.Key] is not null && configuration[each.Value] is null)
        .Select(each => KeyValuePair.Create(each.Value, configuration[each.Key]));

    internal bool Knows(string key) => Find(key) is not null;

    /// <summary>Checks the command line: each word must be a known setting, or its value.</summary>
    /// <exception cref="ArgumentException">One is not; the message names the nearest that is known.</exception>
    internal void CheckArguments(IReadOnlyList<string> args)
    {
        for (int i = 0; i < args.Count; i++)
        {
            string arg = args[i];
            if (!arg.StartsWith("--", StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{arg}': unknown argument; a source follows -c, a setting begins with --, and --help lists them all");
            }
            int equals = arg.IndexOf('=', StringComparison.Ordinal);
            string key = arg[2..(equals < 0 ? arg.Length : equals)];
            if (Find(key) is null)
            {
                throw new ArgumentException($"--{key}: unknown setting{(Nearest(key) is { } near ? $"; did you mean --{near}?" : "")} (--help lists them all)");
            }
            if (equals < 0 && ++i == args.Count)
            {
                throw new ArgumentException($"--{key}: its value is missing");
            }
        }
    }

    /// <summary>Checks the values of the settings that are known, wherever they come from, and the keys in sections of ours.</summary>
    /// <exception cref="ArgumentException">One cannot be understood; the message names it.</exception>
    internal void CheckValues(IConfiguration configuration)
    {
        HashSet<string> sections = new(_all.Where(static one => one.Key.Contains(':')).Select(static one => one.Key.Split(':')[0]), StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string? value) in configuration.AsEnumerable())
        {
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }
            if (Find(key) is { } setting)
            {
                Check(key, value, setting.Type);
            }
            else if (key.Contains(':') && sections.Contains(key.Split(':')[0]))
            {
                throw new ArgumentException($"{key}: unknown setting{(Nearest(key) is { } near ? $"; did you mean {near}?" : "")} (--help lists them all)");
            }
        }
    }

    internal void Write(TextWriter to)
    {
        foreach (Setting setting in _all)
        {
            to.WriteLine($"  --{setting.Key.Replace(":" + Any, ":…", StringComparison.Ordinal).Replace(Index, "0", StringComparison.Ordinal).Replace(Named, "NAME", StringComparison.Ordinal)} <{Name(setting.Type)}>");
            if (setting.Meaning is { Length: > 0 } meaning)
            {
                to.WriteLine($"      {meaning}");
            }
        }
    }

    private static void Check(string key, string value, Type type)
    {
        TypeConverter converter = TypeDescriptor.GetConverter(type);
        try
        {
            _ = converter.ConvertFromInvariantString(value);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException || e.InnerException is FormatException or OverflowException)
        {
            throw new ArgumentException($"{key}: '{value}' is no {Name(type)}{(type == typeof(TimeSpan) ? " such as 00:00:05" : "")}", e);
        }
    }

    private static string Name(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(TimeSpan) ? "time"
        : type == typeof(Uri) ? "address"
        : type.IsEnum ? string.Join(" or ", Enum.GetNames(type).Select(static name => name.ToLowerInvariant()))
        : type == typeof(string) ? "text"
        : type == typeof(int) || type == typeof(long) || type == typeof(uint) || type == typeof(ushort) ? "whole number"
        : "number";

    private Setting? Find(string key)
    {
        string[] parts = (_renamed.TryGetValue(key, out string? now) ? now : key).Split(':');
        return _all.FirstOrDefault(setting => setting.Matches(parts));
    }

    private string? Nearest(string key)
    {
        (string? best, int slips) = (null, MostSlips + 1);
        string asked = key.ToLowerInvariant();
        foreach (string known in _all.Select(static setting => setting.Key).Where(static known => !known.Contains(Index, StringComparison.Ordinal) && !known.Contains(Named, StringComparison.Ordinal)))
        {
            int distance = Distance(asked, known.ToLowerInvariant());
            if (distance < slips)
            {
                (best, slips) = (known, distance);
            }
        }
        return best;
    }

    // Levenshtein's: letters to change, add or leave out.
    private static int Distance(string a, string b)
    {
        int[] before = [.. Enumerable.Range(0, b.Length + 1)];
        int[] row = new int[b.Length + 1];
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], before[j]) + 1, before[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }
            (before, row) = (row, before);
        }
        return before[b.Length];
    }

    private void Add(string key, Type type)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.SetMethod is not { IsPublic: true })
            {
                continue;
            }
            string name = $"{key}:{property.Name}";
            Type value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (value.IsGenericType && value.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            {
                name += ":" + Named;
                value = value.GetGenericArguments()[1];
            }
            else if (value != typeof(string) && value.IsAssignableTo(typeof(IEnumerable)))
            {
                name += ":" + Index;
                value = value.IsArray ? value.GetElementType()! : value.GetGenericArguments()[0];
            }
            if (value == typeof(string) || TypeDescriptor.GetConverter(value).CanConvertFrom(typeof(string)))
            {
                _all.Add(new(name, value, () => Meaning(property)));
            }
            else
            {
                Add(name, value);
            }
        }
    }

    // Beside the program, as the compiler writes them; without them settings are listed without their meaning. Only --help reads them: a start has no time for it.
    private Dictionary<string, XElement> Documentation(Assembly assembly)
    {
        if (!_documentation.TryGetValue(assembly, out Dictionary<string, XElement>? members))
        {
            string path = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
            members = File.Exists(path) ? XDocument.Load(path).Descendants("member").ToDictionary(static member => (string)member.Attribute("name")!) : [];
            _documentation[assembly] = members;
        }
        return members;
    }

    private string Meaning(PropertyInfo property)
    {
        string id = $"P:{property.DeclaringType!.FullName}.{property.Name}";
        if (!Documentation(property.DeclaringType.Assembly).TryGetValue(id, out XElement? member) || member.Element("summary") is not { } written)
        {
            return "";
        }
        XElement summary = new(written);
        foreach (XElement see in summary.Descendants().ToArray())
        {
            see.ReplaceWith(see.Value.Length > 0 ? see.Value : ((string?)see.Attribute("cref") ?? "").Split('.')[^1]);
        }
        return string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A setting.</summary>
    /// <param name="Type">What its values are.</param>
    /// <param name="Describe">Tells <see cref="Meaning"/>.</param>
    public sealed record Setting(string Key, Type Type, Func<string> Describe)
    {
        private readonly string[] _parts = Key.Split(':');

        /// <summary>What it says, in a sentence; empty where that is not known.</summary>
        public string Meaning => Describe();

        /// <summary>Whether a key, in its parts, is this setting's.</summary>
        internal bool Matches(string[] parts)
        {
            for (int i = 0; i < _parts.Length; i++)
            {
                if (_parts[i] == Any)
                {
                    return parts.Length > i;
                }
                if (i == parts.Length)
                {
                    return false;
                }
                if (_parts[i] == Named)
                {
                    continue;
                }
                if (_parts[i] == Index ? !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out _) : !_parts[i].Equals(parts[i], StringComparison.OrdinalIgnoreCase))
                {
                    return false;
                }
            }
            return parts.Length == _parts.Length;
        }
    }
}
