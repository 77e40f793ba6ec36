using KismetOrleans.Packets.Sources;

namespace KismetOrleans.Packets.Tests.Sources;

/// <summary>Source definitions as users write them, and how it is said when one is wrong.</summary>
public sealed class SourceDefinitionTests
{
    [Theory]
    [InlineData("wlan0", "wlan0", "wlan0", "")]
    [InlineData(" wlan0 ", "wlan0", "wlan0", "")]
    [InlineData("wlan0:name=lobby,channel=6", "wlan0", "lobby", "channel=6;name=lobby")]
    [InlineData("wlan0: name = x", "wlan0: name = x", "wlan0: name = x", "")]
    [InlineData("wlan0: name=x , Type=linuxwifi", "wlan0", "x", "Type=linuxwifi;name=x")]
    [InlineData("/tmp/a b.pcapng:realtime=true", "/tmp/a b.pcapng", "/tmp/a b.pcapng", "realtime=true")]
    [InlineData(@"C:\walk.pcap:name=walk", @"C:\walk.pcap", "walk", "name=walk")]
    [InlineData(@"C:\walk.pcap", @"C:\walk.pcap", @"C:\walk.pcap", "")]
    [InlineData("usb:1:2:pps=5", "usb:1:2", "usb:1:2", "pps=5")]
    [InlineData("wlan0:name=\"a, b=c\",x-y.z_1=", "wlan0", "a, b=c", "name=a, b=c;x-y.z_1=")]
    [InlineData("wlan0:name=a:b=c", "wlan0", "a:b=c", "name=a:b=c")]
    [InlineData("wlan0:name=\"\"", "wlan0", "", "name=")]
    public void Interface_and_options_are_told_apart(string text, string source, string name, string options)
    {
        SourceDefinition definition = SourceDefinition.Parse(text);
        Assert.Equal(source, definition.Interface);
        Assert.Equal(name, definition.Name);
        Assert.Equal(options, string.Join(';', definition.Options.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Key}={o.Value}")));
        Assert.Equal(text, definition.Definition);
        Assert.Equal(text, definition.ToString());
    }

    [Fact]
    public void Options_of_a_known_form_are_read()
    {
        SourceDefinition definition = SourceDefinition.Parse(
            "wlan0:UUID=5FE308BD-0000-0000-0000-00C0CAB7F2A1,type=linuxwifi,channels=\"1, 6,11HT40+\",channel=6,hop=no,realtime=1,pps=250");
        Assert.Equal(Guid.Parse("5fe308bd-0000-0000-0000-00c0cab7f2a1"), definition.Uuid);
        Assert.Equal("linuxwifi", definition.Type);
        Assert.Equal(["1", "6", "11HT40+"], definition.Channels);
        Assert.Equal("6", definition.Channel);
        Assert.False(definition.Hop);
        Assert.True(definition.Realtime);
        Assert.Equal(250, definition.PacketsPerSecond);
        Assert.Equal("no", definition.Options["HOP"]);
    }

    [Theory]
    [InlineData("wlan0:place=52.5,-13.25,35,name=roof", "", null, 52.5, -13.25, 35d)]
    [InlineData("wlan0:name=roof,place=-52.5,13", "", null, -52.5, 13d, null)]
    [InlineData("wlan0:place=\"52.5, 13.25, 35\",floor=-1,name=roof", "", -1, 52.5, 13.25, 35d)]
    [InlineData("wlan0:place=main hall:3:10.5,20,1.5,name=roof,floor=9", "main hall", 3, 10.5, 20d, 1.5)]
    [InlineData("wlan0:name=roof,place=a:b:-2:0,-7", "a:b", -2, 0d, -7d, null)]
    public void A_place_is_degrees_or_metres_in_a_building(string text, string building, int? floor, double first, double second, double? third)
    {
        SourceDefinition definition = SourceDefinition.Parse(text);
        SourcePlace place = definition.Place!;
        Assert.Equal((building, first, second, third), (place.Building, place.First, place.Second, place.Third));
        Assert.Equal((floor, "roof"), (definition.Floor, definition.Name));
    }

    [Theory]
    [InlineData("place=somewhere", "option place: 'somewhere' is no latitude, longitude and altitude (up to 90, 180 and 10000); building:floor:x,y,z is the other form")]
    [InlineData("place=91,0", "option place: '91,0' is no latitude")]
    [InlineData("place=1,181", "option place: '1,181' is no latitude")]
    [InlineData("place=1,2,3,4", "option place: '1,2,3,4' is no latitude")]
    [InlineData("place=1,NaN", "option place: '1,NaN' is no latitude")]
    [InlineData("place=1", "option place: '1' is no latitude")]
    [InlineData("place=hq:1,2", "option place: 'hq:1,2' is neither lat,lon,alt nor building:floor:x,y,z")]
    [InlineData("place=:1:1,2", "option place: ':1:1,2' is neither")]
    [InlineData("place=hq:top:1,2", "option place: 'hq:top:1,2': a building and a floor from -100 to 1000 are expected before the metres")]
    [InlineData("place=hq:1:1,2,20000", "option place: 'hq:1:1,2,20000': two or three numbers of metres up to 10000 are expected behind the floor")]
    [InlineData("floor=top", "option floor: 'top' is no floor from -100 to 1000")]
    [InlineData("gps=glonass", "option gps: gps 'glonass': there is no kind 'glonass'")]
    public void A_place_of_no_use_says_why(string option, string reason)
    {
        Assert.False(SourceDefinition.TryParse("wlan0:" + option, out _, out string? error));
        Assert.StartsWith($"source 'wlan0:{option}': {reason}", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gps_beside_it_and_one_of_the_server_are_told_apart()
    {
        SourceDefinition definition = SourceDefinition.Parse("wlan0:gps=serial:device=/dev/ttyACM0,metagps=car");
        Assert.Equal((Packets.Gps.GpsKind.Serial, "/dev/ttyACM0", "car"), (definition.Gps!.Kind, definition.Gps["device"], definition.MetaGps));
        Assert.Equal("10.0.0.1", SourceDefinition.Parse("wlan0:gps=\"gpsd:host=10.0.0.1,port=5\"").Gps!["host"]);
    }

    [Fact]
    public void What_is_not_said_is_not_made_up()
    {
        SourceDefinition definition = SourceDefinition.Parse("wlan0");
        Assert.Null(definition.Uuid);
        Assert.Null(definition.Type);
        Assert.Null(definition.Channel);
        Assert.Null(definition.Hop);
        Assert.Null(definition.PacketsPerSecond);
        Assert.False(definition.Realtime);
        Assert.Empty(definition.Channels);
    }

    [Fact]
    public void The_full_name_of_hopping_goes_before_the_short_one() =>
        Assert.True(SourceDefinition.Parse("wlan0:hop=false,channel_hop=true").Hop);

    [Theory]
    [InlineData("", "the interface or file is missing")]
    [InlineData(":name=x", "the interface or file is missing")]
    [InlineData("wlan0:name=x,channel", "'channel' at character 14 is no option of the form key=value")]
    [InlineData("wlan0:name=x,", "'' at character 14 is no option of the form key=value")]
    [InlineData("wlan0:name=x,,channel=6", "'' at character 14 is no option of the form key=value")]
    [InlineData("wlan0:name=x,=6", "'=6' at character 14 is no option of the form key=value")]
    [InlineData("wlan0:name=\"x", "the value of option name lacks its closing quote")]
    [InlineData("wlan0:name=\"x\"y", "a comma is missing after the value of option name")]
    [InlineData("wlan0:name=x,Name=y", "option Name is given twice")]
    [InlineData("wlan0:uuid=5", "option uuid: '5' is no UUID")]
    [InlineData("wlan0:pps=0", "option pps: '0' is no number of packets above 0")]
    [InlineData("wlan0:pps=-1", "option pps: '-1' is no number of packets above 0")]
    [InlineData("wlan0:realtime=maybe", "option realtime: 'maybe' is neither true nor false")]
    [InlineData("wlan0:hop=", "option hop: '' is neither true nor false")]
    public void A_wrong_definition_is_explained(string text, string reason)
    {
        Assert.False(SourceDefinition.TryParse(text, out SourceDefinition? definition, out string? error));
        Assert.Null(definition);
        Assert.Equal($"source '{text}': {reason}", error);
        Assert.Equal(error, Assert.Throws<FormatException>(() => SourceDefinition.Parse(text)).Message);
    }

    [Fact]
    public void No_text_whatever_throws()
    {
        var random = new Random(6);
        const string Alphabet = "ab:=,\" \\/.1";
        int good = 0;
        for (int round = 0; round < 50_000; round++)
        {
            string text = string.Create(random.Next(16), random, static (chars, random) =>
            {
                foreach (ref char c in chars)
                {
                    c = Alphabet[random.Next(Alphabet.Length)];
                }
            });
            bool parsed = SourceDefinition.TryParse(text, out SourceDefinition? definition, out string? error);
            Assert.Equal(parsed, definition is not null);
            Assert.Equal(parsed, error is null);
            good += parsed ? 1 : 0;
        }
        Assert.InRange(good, 10_000, 49_000);
    }
}
