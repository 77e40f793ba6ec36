using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using KismetOrleans.Records.Devices;
using KismetOrleans.Wire;

namespace KismetOrleans.Records.Json;

/// <summary>
/// A growing buffer of UTF-8 that records are printed to, rented from the shared pool. Writing a value allocates nothing. Not thread-safe.
/// </summary>
public sealed class JsonOut : IBufferWriter<byte>, IDisposable
{
    // A whole device with one source is about 8 KiB.
    private const int DefaultCapacity = 16 * 1024;
    private byte[] _buffer;
    private int _length;

    /// <summary>An empty buffer.</summary>
    /// <param name="capacity">Bytes to begin with.</param>
    public JsonOut(int capacity = DefaultCapacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>What records need to know of the server: its clock, its UUID, its sources.</summary>
    public RecordContext Context { get; set; } = RecordContext.None;

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>What was written. Valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _length);

    /// <summary>Bytes written.</summary>
    public int Length => _length;

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear() => _length = 0;

    /// <summary>Forgets what was written after the first <paramref name="length"/> bytes.</summary>
    internal void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_length, nameof(length));
        _length = length;
    }

    /// <summary>Gives the buffer back to the pool.</summary>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Copies finished JSON.</summary>
    public void Raw(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_buffer.AsSpan(_length));
        _length += utf8.Length;
    }

    internal void Raw(byte b)
    {
        Reserve(1);
        _buffer[_length++] = b;
    }

    internal void Number(ulong value)
    {
        Reserve(JsonNumber.MaxLength);
        _length += JsonNumber.Write(_buffer.AsSpan(_length), value);
    }

    /// <summary>Writes an integer.</summary>
    public void Number(long value)
    {
        Reserve(JsonNumber.MaxLength);
        _length += JsonNumber.Write(_buffer.AsSpan(_length), value);
    }

    /// <summary>Writes a number that can have a fraction, always with a point; 0 for NaN and infinities.</summary>
    internal void Number(double value)
    {
        Reserve(JsonNumber.MaxLength);
        _length += JsonNumber.Write(_buffer.AsSpan(_length), value);
    }

    /// <summary>Writes a string with its quotes, escaped; null as the empty string.</summary>
    public void String(string? text) => String(text.AsSpan());

    /// <summary>Writes a string with its quotes, escaped.</summary>
    internal void String(ReadOnlySpan<char> text)
    {
        Reserve(text.Length + 2);
        _buffer[_length++] = (byte)'"';
        int plain = JsonText.PlainLength(text);
        JsonText.WritePlain(text[..plain], _buffer.AsSpan(_length));
        _length += plain;
        if (plain < text.Length)
        {
            text = text[plain..];
            Reserve(checked(text.Length * JsonText.MaxExpansion + 1));
            _length += JsonText.WriteEscaped(text, _buffer.AsSpan(_length));
        }
        _buffer[_length++] = (byte)'"';
    }

    /// <summary>Writes an address, quoted, upper case.</summary>
    public void Mac(MacAddress address)
    {
        int length = JsonHex.MacLength(address);
        Span<byte> target = Take(length + 2);
        target[0] = (byte)'"';
        JsonHex.WriteMac(address, target[1..]);
        target[length + 1] = (byte)'"';
    }

    /// <summary>Writes a UUID, quoted, upper case.</summary>
    internal void Uuid(Guid uuid)
    {
        Span<byte> target = Take(38);
        target[0] = (byte)'"';
        uuid.TryFormat(target[1..], out _);
        Ascii.ToUpperInPlace(target[1..37], out _);
        target[37] = (byte)'"';
    }

    internal void Key(DeviceId id)
    {
        Reserve(DeviceKey.MaxLength + 2);
        _buffer[_length++] = (byte)'"';
        string prefix = id.Phy.KeyPrefix;
        Ascii.FromUtf16(prefix, _buffer.AsSpan(_length), out int written);
        _length += written;
        _buffer[_length++] = (byte)'_';
        _length += JsonHex.WriteNumber(DeviceKey.AddressPart(id.Address), _buffer.AsSpan(_length));
        _buffer[_length++] = (byte)'"';
    }

    /// <summary>Writes bytes as a quoted string of upper-case hexadecimal digits.</summary>
    internal void Hex(ReadOnlySpan<byte> bytes)
    {
        Span<byte> target = Take(checked(bytes.Length * 2 + 2));
        target[0] = (byte)'"';
        Convert.TryToHexString(bytes, target[1..], out _);
        target[^1] = (byte)'"';
    }

    /// <summary>Writes a position: longitude first, then latitude.</summary>
    internal void Geo(double longitude, double latitude)
    {
        Raw((byte)'[');
        Number(longitude);
        Raw((byte)',');
        Number(latitude);
        Raw((byte)']');
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _length), nameof(count));
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    // Objects and arrays. In compact output every member begins with a comma, and closing overwrites the first one with the bracket:
    // so nothing has to remember whether a member was the first. Indented output looks at the last byte instead.

    /// <summary>Begins an object or array.</summary>
    /// <returns>Its place, for <see cref="Close"/>.</returns>
    internal int Open(byte bracket, Style style)
    {
        if (style.IsPretty)
        {
            Raw(bracket);
        }
        return _length;
    }

    /// <summary>Begins a member that has a name of the tables.</summary>
    /// <param name="style">Style of the object.</param>
    internal void Member(Label label, Style style)
    {
        if (!style.IsPretty)
        {
            Raw(style.IsUnderscored ? label.Underscored : label.Dotted);
            return;
        }
        NextLine((byte)'{', style, blankLine: true);
        Raw(label.Description);
        Raw("\r\n"u8);
        Indent(style.Depth + 1);
        Raw(label.Pretty);
    }

    /// <summary>Begins an array's element or, before its name, a map's member.</summary>
    internal void Item(byte bracket, Style style)
    {
        if (!style.IsPretty)
        {
            Raw((byte)',');
            return;
        }
        NextLine(bracket, style, blankLine: false);
    }

    /// <summary>Between a map's key and its value.</summary>
    internal void Colon() => Raw(": "u8);

    /// <summary>Ends what <see cref="Open"/> began.</summary>
    internal void Close(int start, byte open, byte close, Style style)
    {
        if (style.IsPretty)
        {
            if (_length != start)
            {
                Raw("\r\n"u8);
                Indent(style.Depth);
            }
        }
        else if (_length == start)
        {
            Raw(open);
        }
        else
        {
            _buffer[start] = open;
        }
        Raw(close);
    }

    private void NextLine(byte bracket, Style style, bool blankLine)
    {
        if (_buffer[_length - 1] == bracket)
        {
            Raw("\r\n"u8);
        }
        else
        {
            Raw(blankLine ? ",\r\n\r\n"u8 : ",\r\n"u8);
        }
        Indent(style.Depth + 1);
    }

    private void Indent(int depth) => Take(depth).Fill((byte)' ');

    private Span<byte> Take(int size)
    {
        Reserve(size);
        Span<byte> span = _buffer.AsSpan(_length, size);
        _length += size;
        return span;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int size)
    {
        if ((uint)(_buffer.Length - _length) < (uint)size)
        {
            Grow(size);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int size)
    {
        long wanted = Math.Max((long)_buffer.Length * 2, (long)_length + size);
        if (wanted > Array.MaxLength)
        {
            wanted = (long)_length + size;
        }
        if (wanted > Array.MaxLength)
        {
            throw new InvalidOperationException($"An answer of more than {Array.MaxLength} bytes: write it in pieces.");
        }
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)wanted);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        byte[] old = _buffer;
        _buffer = larger;
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
