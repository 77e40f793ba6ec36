// PCRE2's pattern syntax (pcre2pattern), as far as .NET reads it differently or not at all.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace KismetOrleans.Records.Fields;

/// <summary>
/// Clients write PCRE patterns. Most of the syntax is .NET's, too; this rewrites the common rest: <c>[[:alpha:]]</c> (which .NET would
/// silently misread), <c>\Q…\E</c>, <c>(?P&lt;name&gt;…)</c>, <c>(?P=name)</c>, <c>\h</c>, <c>\H</c>, <c>\R</c>, <c>\N</c>,
/// <c>\x{…}</c>, <c>\K</c>, <c>a++</c>, <c>(?|…)</c> and <c>(*UTF8)</c>.
/// </summary>
internal static partial class PcreDialect
{
    // What PCRE takes before a pattern and what changes nothing here: texts are Unicode, and their lines end with a line feed.
    private static readonly string[] s_preludes = ["UTF", "UTF8", "UTF16", "UTF32", "UCP", "LF", "ANYCRLF", "BSR_ANYCRLF", "BSR_UNICODE", "NO_AUTO_POSSESS", "NO_START_OPT", "NO_JIT"];

    /// <summary>The same pattern for .NET.</summary>
    /// <exception cref="ArgumentException">A construct that cannot be translated.</exception>
    public static string Translate(string pattern)
    {
        StringBuilder result = new(pattern.Length + 16);
        // Where in the result each open group and the newest item that can be repeated begin.
        Stack<int> groups = new();
        int item = 0;
        bool inClass = false;
        bool hasReset = false;
        for (int i = Prelude(pattern); i < pattern.Length;)
        {
            ReadOnlySpan<char> rest = pattern.AsSpan(i);
            if (!inClass && Quantifier(rest) is > 0 and int length)
            {
                i += length + Repeat(rest, length, item, result);
                continue;
            }
            item = inClass ? item : result.Length;
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
            else if (rest.StartsWith("(?P=") && rest.IndexOf(')') is > 0 and int end)
            {
                result.Append("\\k<").Append(rest[4..end]).Append('>');
                i += end + 1;
            }
            else if (rest[0] == '(')
            {
                groups.Push(result.Length);
                hasReset |= rest.StartsWith("(?|");
                i += GroupStart(rest, result);
            }
            else
            {
                if (rest[0] == ')' && groups.TryPop(out int begin))
                {
                    item = begin;
                }
                result.Append(rest[0]);
                i++;
            }
        }
        string translated = result.ToString();
        return hasReset && HasReference().IsMatch(translated)
            ? throw new ArgumentException("(?|…) beside a reference to a group cannot be translated")
            : translated;
    }

    // (*UTF8) and the like.
    private static int Prelude(string pattern)
    {
        int at = 0;
        while (pattern.AsSpan(at).StartsWith("(*") && pattern.IndexOf(')', at) is > 0 and int end && s_preludes.Contains(pattern[(at + 2)..end]))
        {
            at = end + 1;
        }
        return at;
    }

    // Length of the quantifier that begins here, 0 where none does.
    private static int Quantifier(ReadOnlySpan<char> rest)
    {
        if (rest[0] is '*' or '+' or '?')
        {
            return 1;
        }
        int digits = rest[0] == '{' ? rest[1..].IndexOfAnyExceptInRange('0', '9') : 0;
        if (digits <= 0)
        {
            return 0;
        }
        int end = digits + 1;
        if (rest[end] == ',')
        {
            int more = rest[(end + 1)..].IndexOfAnyExceptInRange('0', '9');
            end = more < 0 ? rest.Length : end + 1 + more;
        }
        return end < rest.Length && rest[end] == '}' ? end + 1 : 0;
    }

    // A possessive quantifier is an atomic group. Returns the length of what follows the quantifier and belongs to it.
    private static int Repeat(ReadOnlySpan<char> rest, int length, int item, StringBuilder result)
    {
        char next = rest.Length > length ? rest[length] : '\0';
        if (next == '+')
        {
            result.Insert(item, "(?>").Append(rest[..length]).Append(')');
            return 1;
        }
        result.Append(rest[..length]);
        if (next == '?')
        {
            result.Append('?');
            return 1;
        }
        return 0;
    }

    private static int GroupStart(ReadOnlySpan<char> rest, StringBuilder result)
    {
        if (rest.StartsWith("(?P<"))
        {
            result.Append("(?<");
            return 4;
        }
        if (rest.StartsWith("(?|"))
        {
            // Only the numbers of its groups are special.
            result.Append("(?:");
            return 3;
        }
        if (rest.StartsWith("(*"))
        {
            throw new ArgumentException("(*…) is taken before a pattern alone, and not every one");
        }
        int length = rest.StartsWith("(?") ? 2 : 1;
        result.Append(rest[..length]);
        return length;
    }

    // Of the .NET pattern.
    [GeneratedRegex(@"(?<!\\)(\\\\)*\\([1-9]|k)")]
    private static partial Regex HasReference();

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
            // Where a match begins is of no interest: there is one, or there is none.
            ('K', false) => "(?:)",
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
