using System.Text;

namespace KismetOrleans.Storage.Sources;

/// <summary>Rows of a file by RFC 4180: fields between commas, those with commas, quotes or line breaks in quotes.</summary>
internal sealed class CsvRows(Stream stream)
{
    // The longest name has 1,024 bytes. A quote that is never closed must not take the rest of the file.
    private const int MaxField = 8 * 1024;
    private const int MaxFields = 256;
    private readonly StreamReader _text = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16);
    private readonly StringBuilder _field = new();
    private long _line = 1;

    /// <summary>The fields of the row that was read last.</summary>
    public List<string> Fields { get; } = [];

    public long Line { get; private set; }

    /// <summary>Whether it is longer than a row can be; its fields are of no use then.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Reads the next row; empty lines are passed over.</summary>
    /// <returns>False at the end.</returns>
    public bool TryRead()
    {
        do
        {
            if (_text.Peek() < 0)
            {
                return false;
            }
            ReadRow();
        }
        while (Fields is [""]);
        return true;
    }

    private void ReadRow()
    {
        Fields.Clear();
        (Line, IsTooLong) = (_line, false);
        bool quoted = false;
        _field.Clear();
        while (true)
        {
            int read = _text.Read();
            if (read < 0 || (read == '\n' && (!quoted || _field.Length >= MaxField)))
            {
                _line++;
                Take();
                return;
            }
            char c = (char)read;
            if (quoted)
            {
                _line += c == '\n' ? 1 : 0;
                quoted = c != '"' || _text.Peek() == '"';
                if (quoted)
                {
                    Add(c);
                    _ = c == '"' ? _text.Read() : 0;
                }
            }
            else if (c == ',')
            {
                Take();
            }
            else if (c == '"' && _field.Length == 0)
            {
                quoted = true;
            }
            else if (c != '\r' || _text.Peek() != '\n')
            {
                Add(c);
            }
        }
    }

    private void Add(char c)
    {
        if (_field.Length < MaxField)
        {
            _ = _field.Append(c);
        }
        else
        {
            IsTooLong = true;
        }
    }

    private void Take()
    {
        if (Fields.Count < MaxFields)
        {
            Fields.Add(_field.ToString());
        }
        else
        {
            IsTooLong = true;
        }
        _field.Clear();
    }
}
