using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>Open Drone ID is found among the services of Wi-Fi Aware, and nothing else is taken for it.</summary>
public sealed class NanServiceTests
{
    // Public action, vendor specific, Wi-Fi Alliance, NAN service discovery.
    private const string Head = "04 09 506F9A 13";

    // A NAN attribute of another kind: cluster, two bytes.
    private const string Other = "01 0200 AABB";

    [Theory]
    [InlineData("10", "")]
    [InlineData("50", "0100")] // binding bitmap
    [InlineData("14", "02 0102")] // matching filter
    [InlineData("1C", "01 FF 03 010203")] // matching filter and service response filter
    [InlineData("5C", "0100 00 00")] // all three, the filters empty
    public void Its_information_stands_behind_the_fields_that_the_control_byte_names(string control, string fields)
    {
        byte[] body = Frame(control + fields + "03 2A F219");
        Assert.Equal(ParseStatus.Ok, NanService.TryFindOpenDroneId(body, out Slice message));
        Assert.Equal("2AF219", Convert.ToHexString(message.Of(body)));
    }

    [Theory]
    [InlineData("04 08 506F9A 13")] // another action
    [InlineData("04 09 506F9A 09")] // Wi-Fi Direct
    [InlineData("04 09 0050F2 13")]
    [InlineData("7E 09 506F9A 13")] // another category
    public void Other_action_frames_are_left_alone(string head)
    {
        byte[] body = Make.Hex(head + "03 0D00 8869199D9209 01 00 10 03 2A F219");
        Assert.Equal(ParseStatus.Unsupported, NanService.TryFindOpenDroneId(body, out _));
    }

    [Theory]
    [InlineData("000000000000 01 00 10 03 2AF219")] // another service
    [InlineData("8869199D9209 01 00 00")] // no information
    [InlineData("8869199D9209 01 00")] // too short for a descriptor
    public void Other_services_are_left_alone(string descriptor)
    {
        string hex = descriptor.Replace(" ", "");
        byte[] body = Make.Hex($"{Head} 03 {hex.Length / 2:X2}00 {hex}");
        Assert.Equal(ParseStatus.Unsupported, NanService.TryFindOpenDroneId(body, out _));
    }

    [Theory]
    [InlineData("10")] // no length
    [InlineData("10 04 2AF219")] // information past the end
    [InlineData("14 09 01")] // filter past the end
    public void A_descriptor_that_runs_past_its_end_is_malformed(string rest) =>
        Assert.Equal(ParseStatus.Malformed, NanService.TryFindOpenDroneId(Frame(rest), out _));

    [Fact]
    public void Every_cut_is_survived()
    {
        byte[] body = Frame("5C 0100 01FF 020102 03 2AF219");
        for (int length = 0; length < body.Length; length++)
        {
            Assert.NotEqual(ParseStatus.Ok, NanService.TryFindOpenDroneId(body.AsSpan(0, length), out _));
        }
    }

    private static byte[] Frame(string afterInstances)
    {
        string descriptor = "8869199D9209" + "01" + "00" + afterInstances.Replace(" ", "");
        return Make.Hex($"{Head} {Other} 03 {descriptor.Length / 2:X2}00 {descriptor}");
    }
}
