// PCRE2's pattern syntax (pcre2pattern), as far as .NET reads it differently or not at all.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KismetOrleans.Records.Fields;

/// <summary>
/// Clients write PCRE patterns. Most of the syntax is .NET's, too; this rewrites the common rest: <c>[[:alpha:]]</c> (which .NET would
/// silently misread), <c>\Q…\E</c>, <c>(?P&lt;name&gt;…)</c>, <c>(?P=name)</c>, <c>\h</c>, <c>\H</c>, <c>\R</c>, <c>\N</c> and <c>\x{…}</c>.
/// </summary>
internal static class PcreDialect
{
    /// <summary>The same pattern for .NET.</summary>
    /// <exception cref="ArgumentException">A construct that cannot be translated.</exception>
    public static string Translate(string pattern)
    {
        StringBuilder result = new(pattern.Length + 16);
        bool inClass = false;
        for (int i = 0; i < pattern.Length;)
        {
            ReadOnlySpan<char> rest = pattern.AsSpan(i);
            if (rest[0] == '\\')
            {
                i += Escape(rest, inClass, result);
            }
            else if (inClass)
            {
                i += ClassMember(rest, result);
                inClass = rest[0] != ']';
            }
            else if (rest[0] == '[')
            {
                inClass = true;
                i += ClassStart(rest, result);
            }
            else if (rest.StartsWith("(?P<"))
            {
                result.Append("(?<");
                i += 4;
            }
            else if (rest.StartsWith("(?P=") && rest.IndexOf(')') is > 0 and int end)
            {
                result.Append("\\k<").Append(rest[4..end]).Append('>');
                i += end + 1;
            }
            else
            {
                result.Append(rest[0]);
                i++;
            }
        }
        return result.ToString();
    }

    private static int ClassStart(ReadOnlySpan<char> rest, StringBuilder result)
    {
        int length = rest.StartsWith("[^") ? 2 : 1;
        result.Append(rest[..length]);
        // A bracket that closes an empty class is a member.
        if (rest.Length > length && rest[length] == ']')
        {
            result.Append("\\]");
            length++;
        }
        return length;
    }

    private static int ClassMember(ReadOnlySpan<char> rest, StringBuilder result)
    {
        if (rest.StartsWith("[:") && rest.IndexOf(":]") is > 2 and int end)
        {
            result.Append(PosixClass(rest[2..end]));
            return end + 2;
        }
        // .NET would take "-[" for the subtraction of a class.
        result.Append(rest[0] == '[' ? "\\[" : rest[..1]);
        return 1;
    }

    private static int Escape(ReadOnlySpan<char> rest, bool inClass, StringBuilder result)
    {
        if (rest.Length == 1)
        {
            result.Append('\\');
            return 1;
        }
        if (rest[1] == 'Q')
        {
            int end = rest.IndexOf("\\E");
            foreach (char c in end < 0 ? rest[2..] : rest[2..end])
            {
                result.Append(c is ']' or '-' ? $"\\{c}" : Regex.Escape(c.ToString()));
            }
            return end < 0 ? rest.Length : end + 2;
        }
        if (rest[1] == 'x' && rest.Length > 2 && rest[2] == '{')
        {
            int end = rest.IndexOf('}');
            if (end < 0 || !ushort.TryParse(rest[3..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                throw new ArgumentException("\\x{…} takes one to four hexadecimal digits");
            }
            result.Append(CultureInfo.InvariantCulture, $"\\u{unit:X4}");
            return end + 1;
        }
        result.Append((rest[1], inClass) switch
        {
            ('h', false) => "[ \\t]",
            ('h', true) => " \\t",
            ('H', false) => "[^ \\t]",
            ('N', false) => "[^\\n]",
            ('R', false) => "(?:\\r\\n|\\n|\\r)",
            ('E', _) => "",
            _ => rest[..2],
        });
        return 2;
    }

    private static string PosixClass(ReadOnlySpan<char> name) => name switch
    {
        "alpha" => "a-zA-Z",
        "digit" => "0-9",
        "alnum" => "a-zA-Z0-9",
        "upper" => "A-Z",
        "lower" => "a-z",
        "xdigit" => "0-9A-Fa-f",
        "word" => "a-zA-Z0-9_",
        "space" => "\\s",
        "blank" => " \\t",
        "punct" => "!-/:-@\\[-`{-~",
        "print" => " -~",
        "graph" => "!-~",
        "cntrl" => "\\x00-\\x1F\\x7F",
        "ascii" => "\\x00-\\x7F",
        _ => throw new ArgumentException($"unknown or negated class [:{name}:]"),
    };
}
