using System.Buffers;
using KismetOrleans.Engine.Observations;

namespace KismetOrleans.Engine.Tests.Observations;

/// <summary>A batch survives the way through octets, and octets that are no batch are refused.</summary>
public sealed class ObservationCodecTests
{
    private readonly ObservationBatch _batch = new();

    public ObservationCodecTests()
    {
        _batch.Reset(7, 1_700_000_000);
        _batch.Mark = new(7, 11, 13, 12);
        _batch.Locations.Add(new() { Latitude = 48.1, Longitude = -11.5, Altitude = 520.5f, Fix = 3, Seconds = 5, Microseconds = 999_999, Speed = 3.5f, Heading = 270 });
        for (int i = 0; i < 300; i++)
        {
            Observation o = new()
            {
                TimeNs = 1_700_000_000_000_000_000 + i,
                Signal = (short)-i,
                Location = (short)(i % 2 == 0 ? 0 : -1),
                Source = (ushort)(i % 3 == 0 ? 9 : 0),
                Frame = new() { Source = new((ulong)i), Bssid = new(0xFFFF_FFFF_FFFF) },
            };
            _batch.Add(o, new byte[i]);
        }
    }

    [Fact]
    public void A_batch_survives()
    {
        ObservationBatch read = new();
        read.Reset(1, 1);
        read.Add(new(), [1, 2, 3]);
        ObservationCodec.Read(Octets(), read);
        Assert.Equal((_batch.Count, _batch.Clock, _batch.Mark, _batch.SourceNumber), (read.Count, read.Clock, read.Mark, read.SourceNumber));
        Assert.Equivalent(_batch.Locations, read.Locations, strict: true);
        for (int i = 0; i < 300; i++)
        {
            Observation a = _batch.Items[i];
            Observation b = read.Items[i];
            Assert.Equal((a.TimeNs, a.Signal, a.Location, a.Source, a.Frame.Source, a.Length), (b.TimeNs, b.Signal, b.Location, b.Source, b.Frame.Source, b.Length));
            Assert.Equal(i % 3 == 0 ? 9 : 7, b.Source);
            Assert.Equal(_batch.Octets(a).ToArray(), read.Octets(b).ToArray());
        }
    }

    [Fact]
    public void Octets_of_another_version_or_length_are_refused()
    {
        byte[] octets = Octets();
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(octets.AsSpan(0, 63), new()));
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(octets.AsSpan(0, octets.Length - 1), new()));
        octets[0] ^= 1;
        Assert.Throws<InvalidDataException>(() => ObservationCodec.Read(octets, new()));
    }

    [Fact]
    public void Spoiled_octets_are_a_batch_or_refused()
    {
        byte[] octets = Octets();
        Random random = new(3);
        for (int i = 0; i < 3000; i++)
        {
            byte[] spoiled = [.. octets];
            spoiled[random.Next(spoiled.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                ObservationBatch read = new();
                ObservationCodec.Read(spoiled, read);
                foreach (ref readonly Observation o in read.Items)
                {
                    _ = read.Octets(o).Length;
                }
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    }

    private byte[] Octets()
    {
        ArrayBufferWriter<byte> to = new();
        ObservationCodec.Write(_batch, to);
        return to.WrittenSpan.ToArray();
    }
}
