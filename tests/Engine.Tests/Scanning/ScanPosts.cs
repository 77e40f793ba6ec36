using System.Text;
using KismetOrleans.Engine.Datasources;
using KismetOrleans.Engine.Scanning;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Tests.Scanning;

/// <summary>Lists of reports, made by hand.</summary>
internal static class ScanPosts
{
    public const string Uuid = "00000000-0000-0000-0000-aabbccdd0001";

    /// <summary>Nanoseconds since 1970 at which all lists come.</summary>
    public const long ReceivedNs = 1_750_000_000_000_000_000;

    public static string Envelope(params string[] reports) =>
        $$"""{"source_uuid":"{{Uuid}}","source_name":"lobby","reports":[{{string.Join(",", reports)}}]}""";

    public static ScanPost Parse(string json, VirtualKind kind = VirtualKind.WiFi)
    {
        ScanPost post = new();
        post.Reset(kind, ReceivedNs);
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        Assert.Equal(bytes.Length, ScanParser.Parse(bytes, post));
        return post;
    }

    public static ScanPost WiFi(params string[] reports) => Parse(Envelope(reports));

    public static ScanPost Bluetooth(params string[] reports) => Parse(Envelope(reports), VirtualKind.Bluetooth);

    public static string Refused(string json, VirtualKind kind = VirtualKind.WiFi) =>
        Assert.Throws<ScanFormatException>(() => Parse(json, kind)).Message;

    public static string Refused(VirtualKind kind, params string[] reports) => Refused(Envelope(reports), kind);

    /// <summary>The only record of a list.</summary>
    public static ScanRecord Record(ScanPost post)
    {
        Assert.Equal(1, post.Count);
        Assert.Equal(post.Length, ScanRecord.Read(post.Records, out ScanRecord record));
        return record;
    }

    /// <summary>The payload of the only record.</summary>
    public static ReadOnlySpan<byte> Payload(ScanPost post) => post.Records[^Record(post).PayloadBytes..];

    public static MacAddress Mac(string text)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress address));
        return address;
    }

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
