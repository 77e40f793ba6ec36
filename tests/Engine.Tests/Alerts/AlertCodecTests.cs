using System.Text;
using KismetOrleans.Engine.Alerts;
using KismetOrleans.Records.Alerts;
using KismetOrleans.Records.Devices;

namespace KismetOrleans.Engine.Tests.Alerts;

/// <summary>Alerts of the version before and of the one after are read, and what the latter has appended is left out.</summary>
public sealed class AlertCodecTests
{
    private static readonly RaisedAlert s_alert = new("VISITOR", "someone came — Ж")
    {
        Once = new("OTHER", 5),
        Device = new DeviceId(Phy.Dot11, new(7)),
        Bssid = new(1),
        Source = new(2),
        Destination = new(3),
        Other = new(4),
        Channel = "6",
    };

    private static readonly GeoPoint s_place = new() { Latitude = 1.5, Longitude = 2.5, Altitude = 3.5f, Fix = 3, Seconds = 4, Microseconds = 5 };

    private static readonly AlertDefinition s_kind = new(
        "VISITOR", "OTHER", 5, AlertDefinition.AnyPhy, new(1, RateUnit.Minute), new(2, RateUnit.Second), "someone came")
    { IsUnlimited = true };

    [Fact]
    public void What_is_written_is_read()
    {
        RaisedAlert[] alerts = [s_alert with { Location = s_place }, new("A", ""), s_alert];
        AssertSame(alerts, AlertCodec.ReadRaised(AlertCodec.Write(alerts)));
        Assert.Equal(s_kind, AlertCodec.ReadDefinition(AlertCodec.Write(s_kind)));
        AlertDefinitionRecord kind = new(s_kind, 6, 7, 8);
        Assert.Equal([kind, kind], AlertCodec.ReadKinds(AlertCodec.Write((AlertDefinitionRecord[])[kind, kind])));
        AlertRecord record = new(s_alert, "OTHER", 5, -1, 9);
        Assert.Equal([record, record], AlertCodec.ReadRecords(AlertCodec.Write((AlertRecord[])[record, record])));
        AlertCount count = new("VISITOR", 1, 2, 3);
        AlertState state = AlertCodec.ReadState(AlertCodec.Write(new AlertState([s_kind, s_kind], [count, count], [record, record])));
        Assert.Equal([s_kind, s_kind], state.Defined);
        Assert.Equal([count, count], state.Counts);
        Assert.Equal([record, record], state.Backlog);
    }

    [Fact]
    public void A_state_of_the_version_before_is_read()
    {
        byte[] bytes = Bytes(w =>
        {
            w.Write((byte)1);
            w.Write(1);
            BareKind(w);
            w.Write(2);
            for (uint i = 1; i <= 2; i++)
            {
                w.Write("VISITOR");
                w.Write(i);
                w.Write(2u);
                w.Write(3L);
            }
            w.Write(2);
            BareRecord(w);
            BareRecord(w);
        });
        AlertState state = AlertCodec.ReadState(bytes);
        Assert.Equal([s_kind], state.Defined);
        Assert.Equal([new AlertCount("VISITOR", 1, 2, 3), new("VISITOR", 2, 2, 3)], state.Counts);
        AssertSame([s_alert with { Location = s_place }, s_alert with { Location = s_place }], [.. state.Backlog.Select(static r => r.Alert)]);
        Assert.Equal(9, state.Backlog[1].Microseconds);
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => AlertCodec.ReadState(bytes[..length]));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void What_a_later_version_appends_is_left_out(byte version)
    {
        byte[] later = Bytes(w =>
        {
            w.Write(version);
            w.Write(2);
            for (int i = 0; i < 2; i++)
            {
                Part(w, w =>
                {
                    // A bit of a part that is not known, whose bytes stand at the end.
                    w.Write((byte)(1 | 2 | 4 | 64));
                    w.Write(s_alert.Header);
                    w.Write(s_alert.Text);
                    Part(w, static w =>
                    {
                        w.Write("OTHER");
                        w.Write((byte)5);
                        w.Write("later");
                    });
                    w.Write(s_alert.Device!.Value.Value);
                    Addresses(w);
                    Part(w, static w =>
                    {
                        Place(w);
                        w.Write(1.0);
                    });
                    w.Write("later");
                });
            }
            w.Write("later");
        });
        AssertSame([s_alert with { Location = s_place }, s_alert with { Location = s_place }], AlertCodec.ReadRaised(later));
    }

    [Fact]
    public void Versions_that_cannot_be_known_and_bytes_that_are_none_are_refused()
    {
        byte[] bytes = AlertCodec.Write([s_alert]);
        foreach (byte version in (byte[])[0, 4, 255])
        {
            bytes[0] = version;
            Assert.Throws<InvalidDataException>(() => AlertCodec.ReadRaised(bytes));
        }
        bytes[0] = 2;
        Random random = new(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] spoilt = [.. bytes];
            spoilt[random.Next(spoilt.Length)] = (byte)random.Next(256);
            try
            {
                _ = AlertCodec.ReadRaised(spoilt).Length;
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    }

    private static void AssertSame(RaisedAlert[] expected, RaisedAlert[] actual)
    {
        Assert.Equal(expected.Select(static alert => alert with { Location = null }), actual.Select(static alert => alert with { Location = null }));
        Assert.Equivalent(expected.Select(static alert => alert.Location).ToArray(), actual.Select(static alert => alert.Location).ToArray(), strict: true);
    }

    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        write(writer);
        writer.Flush();
        return bytes.ToArray();
    }

    private static void Part(BinaryWriter to, Action<BinaryWriter> write)
    {
        byte[] part = Bytes(write);
        to.Write(part.Length);
        to.Write(part);
    }

    private static void BareKind(BinaryWriter w)
    {
        w.Write(s_kind.Header);
        w.Write(s_kind.Class);
        w.Write(s_kind.Severity);
        w.Write(s_kind.PhyId);
        w.Write(1u);
        w.Write((byte)RateUnit.Minute);
        w.Write(2u);
        w.Write((byte)RateUnit.Second);
        w.Write(s_kind.Description);
        w.Write(true);
    }

    private static void BareRecord(BinaryWriter w)
    {
        w.Write((byte)7);
        w.Write(s_alert.Header);
        w.Write(s_alert.Text);
        w.Write("OTHER");
        w.Write((byte)5);
        w.Write(s_alert.Device!.Value.Value);
        Addresses(w);
        Place(w);
        w.Write("OTHER");
        w.Write((byte)5);
        w.Write(-1);
        w.Write(9L);
    }

    private static void Addresses(BinaryWriter w)
    {
        for (ulong i = 1; i <= 4; i++)
        {
            w.Write(i);
        }
        w.Write(s_alert.Channel);
    }

    private static void Place(BinaryWriter w)
    {
        w.Write(s_place.Latitude);
        w.Write(s_place.Longitude);
        w.Write(s_place.Altitude);
        w.Write(s_place.Fix);
        w.Write(s_place.Seconds);
        w.Write(s_place.Microseconds);
    }
}
