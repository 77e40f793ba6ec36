using System.Globalization;
using KismetOrleans.Engine.Tracking;
using KismetOrleans.Records.Server;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Inspection;

/// <summary>Gathers the layers of one packet, up to some limits, so that no packet makes an answer without bounds.</summary>
/// <param name="isCut">Whether the capture cut it (snap length).</param>
internal sealed class PacketTree(byte[] bytes, bool isCut)
{
    // A packet of 64 KiB can hold 32,768 empty elements; real ones have some dozens.
    private const int MaxLayers = 1024;
    private const int MaxFields = 8192;

    /// <summary>Characters of a value. A TLS record or a key is longer; the bytes themselves are given beside the tree.</summary>
    private const int MaxText = 512;

    private int _layers;
    private int _fields;

    public byte[] Bytes => bytes;
    public bool IsCut => isCut;

    /// <summary>Whether something was left out.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Where the bytes end that may have values; what a reader took from behind them is left out.</summary>
    public int End { get; set; } = bytes.Length;

    public List<PacketLayer> Layers { get; } = [];

    /// <summary>Whether what the frame carries goes on in another one (fragments).</summary>
    public bool GoesOn { get; set; }

    public string TooShort => isCut ? "cut by the capture" : GoesOn ? "goes on in the next fragment" : "ends too early";

    /// <summary>Adds a layer.</summary>
    /// <param name="outer">The layer around it; null for an outermost one.</param>
    /// <param name="length">Its bytes, without what is inside.</param>
    public PacketLayer Layer(PacketLayer? outer, string name, int offset, int length)
    {
        PacketLayer layer = new(name, offset, length);
        if (_layers == MaxLayers)
        {
            IsFull = true;
            return layer;
        }
        _layers++;
        (outer?.Layers ?? Layers).Add(layer);
        return layer;
    }

    /// <summary>Adds bytes that nobody reads, where there are any.</summary>
    public void Data(PacketLayer? outer, string name, int offset, int length, string? error = null)
    {
        if (length > 0 || error is not null)
        {
            Layer(outer, name, offset, length).Error = error;
        }
    }

    /// <summary>Adds a value.</summary>
    /// <param name="offset">Where it begins, from the start of the packet; −1 where it stands at no one place.</param>
    /// <param name="length">Its bytes.</param>
    public void Field(PacketLayer layer, string name, string value, int offset = -1, int length = 0)
    {
        if (_fields == MaxFields)
        {
            IsFull = true;
            return;
        }
        if (offset + length > End)
        {
            layer.Error ??= TooShort;
            return;
        }
        _fields++;
        layer.Fields.Add(new(name, value.Length <= MaxText ? value : value[..MaxText] + "…", offset, length));
    }

    public void Field(PacketLayer layer, string name, long value, int offset = -1, int length = 0) =>
        Field(layer, name, value.ToString(CultureInfo.InvariantCulture), offset, length);

    public void Address(PacketLayer layer, string name, int offset) => Field(layer, name, MacAddress.Read(bytes.AsSpan(offset)).ToString(), offset, 6);

    /// <summary>Adds a text of unknown encoding that stands in the packet.</summary>
    public void Text(PacketLayer layer, string name, int offset, int length) =>
        Field(layer, name, SsidText.Printable(bytes.AsSpan(offset, length)), offset, length);

    /// <summary>Adds bytes that stand in the packet, in hexadecimal.</summary>
    public void Hex(PacketLayer layer, string name, int offset, int length) =>
        Field(layer, name, Convert.ToHexString(bytes, offset, Math.Min(length, MaxText)), offset, length);
}
