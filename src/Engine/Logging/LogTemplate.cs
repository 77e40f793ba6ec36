using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KismetOrleans.Engine.Logging;

/// <summary>
/// Paths of log files, with Kismet's placeholders: <c>%p</c> folder, <c>%n</c> title, <c>%D</c> day (YYYYMMDD), <c>%t</c> time (HH-MM-SS), both of
/// the start in the server's time zone, <c>%i</c> a number from 1 that makes it a new file, <c>%l</c> kind, <c>%h</c> home folder, <c>%%</c> itself.
/// </summary>
public static class LogTemplate
{
    /// <summary>Characters of a title: with the rest it must fit a file name.</summary>
    internal const int MaxTitle = 128;

    private static readonly SearchValues<char> s_title =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._-");

    private const string Known = "pnDtilh%";

    /// <summary>What is wrong with a template; null when nothing is.</summary>
    internal static string? Wrong(string template)
    {
        for (int i = template.IndexOf('%', StringComparison.Ordinal); i >= 0; i = template.IndexOf('%', i + 2))
        {
            if (i + 1 == template.Length || !Known.Contains(template[i + 1], StringComparison.Ordinal))
            {
                return $"'{template[i..Math.Min(i + 2, template.Length)]}' is no placeholder";
            }
            if (i + 2 >= template.Length)
            {
                break;
            }
        }
        return template.Length == 0 ? "is empty" : template.Contains('\0', StringComparison.Ordinal) ? "holds a NUL" : null;
    }

    /// <summary>What is wrong with a title; null when nothing is. A title comes from clients, and must not lead out of the folder.</summary>
    public static string? WrongTitle(string title) =>
        title.Length is 0 or > MaxTitle ? $"takes 1 to {MaxTitle} characters"
        : title[0] == '.' ? "must not begin with a dot"
        : title.AsSpan().IndexOfAnyExcept(s_title) is var at and >= 0
            ? $"takes letters, digits, space, dot, underscore and dash, not U+{(int)title[at]:X4}"
        : null;

    /// <summary>The path of a file.</summary>
    /// <param name="start">When the file is begun.</param>
    /// <param name="number">Number, from 1.</param>
    public static string Path(LogOptions options, string title, string kind, DateTimeOffset start, int number) =>
        Fill(options.Template, placeholder => placeholder switch
        {
            'p' => options.Prefix,
            'n' => title,
            'D' => start.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
            't' => start.ToString("HH-mm-ss", CultureInfo.InvariantCulture),
            'i' => number.ToString(CultureInfo.InvariantCulture),
            'l' => kind,
            'h' => Home,
            _ => "%",
        }, static text => text);

    /// <summary>A pattern that names of files of a kind and title match, and no others.</summary>
    public static Regex NameOf(LogOptions options, string title, string kind)
    {
        string name = options.Template[(options.Template.LastIndexOf('/') + 1)..];
        return new("^" + Fill(name, placeholder => placeholder switch
        {
            'p' => Regex.Escape(options.Prefix),
            'n' => Regex.Escape(title),
            'D' => @"\d{8}",
            't' => @"\d\d-\d\d-\d\d",
            'i' => @"\d+",
            'l' => Regex.Escape(kind),
            'h' => Regex.Escape(Home),
            _ => "%",
        }, Regex.Escape) + "$", RegexOptions.CultureInvariant);
    }

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string Fill(string template, Func<char, string> value, Func<string, string> literal)
    {
        StringBuilder path = new();
        int from = 0;
        for (int i = template.IndexOf('%', StringComparison.Ordinal); i >= 0 && i + 1 < template.Length; i = template.IndexOf('%', from))
        {
            path.Append(literal(template[from..i])).Append(value(template[i + 1]));
            from = i + 2;
        }
        return path.Append(literal(template[from..])).ToString();
    }
}
