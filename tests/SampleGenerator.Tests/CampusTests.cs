using KismetOrleans.SampleGenerator.Campus;
using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator.Tests;

/// <summary>The committed sample is what the generator makes, and stays as small as promised.</summary>
public sealed class CampusTests
{
    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "KismetOrleans.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("the tests do not run below the repository");
    }

    [Fact]
    public void The_committed_sample_is_what_the_generator_makes()
    {
        using var made = new MemoryStream();
        CaptureFiles.WritePcapng(made, "campus", Scenario.Build());
        byte[] committed = File.ReadAllBytes(Path.Combine(Repository(), "samples", "campus.pcapng"));
        Assert.True(made.ToArray().AsSpan().SequenceEqual(committed), "run tools/SampleGenerator and commit samples/campus.pcapng");
        Assert.True(committed.Length < 1_500_000, $"{committed.Length} bytes");
    }

    [Fact]
    public void Packets_are_in_the_order_of_their_time()
    {
        IReadOnlyList<Packet> packets = Scenario.Build();
        Assert.Equal(packets.Select(packet => packet.Micros).Order(), packets.Select(packet => packet.Micros));
        Assert.InRange(packets.Count, 3000, 6000);
    }

    [Fact]
    public void A_flood_has_one_address_and_name_an_access_point_and_a_beacon_a_round()
    {
        List<Packet> packets = [.. BeaconFlood.Build(500, 3)];
        Assert.Equal(1500, packets.Count);
        // The transmitter stands 10 bytes into the frame, the SSID element's body 38.
        static int header(Packet packet) => packet.Bytes[2];
        var addresses = packets.GroupBy(packet => MacAddress.Read(packet.Bytes.AsSpan(header(packet) + 10))).ToList();
        Assert.Equal(500, addresses.Count);
        Assert.All(addresses, group => Assert.Equal(3, group.Count()));
        Assert.Equal(500, packets.Select(packet => Convert.ToHexString(packet.Bytes, header(packet) + 36, 16)).Distinct().Count());
        Assert.Equal(packets.Select(packet => packet.Micros).Order(), packets.Select(packet => packet.Micros));
    }
}
