using KismetOrleans.Packets.Protocol;

namespace KismetOrleans.Packets.Tests.Protocol;

/// <summary>All messages but batches: round trips, and what is malformed.</summary>
public sealed class MessageTests
{
    private static readonly Hello s_hello = new()
    {
        Uuid = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
        BootId = ulong.MaxValue,
        FirstSequence = 5,
        ClockNs = -1,
        LinkType = 127,
        Name = "lobby — Ж",
        Driver = "linuxwifi",
        Interface = "wlan0",
        Definition = "wlan0:name=lobby",
        Hardware = "ath9k_htc",
        Version = "0.1.0",
        Channels = ["1", "6HT40+", "5W6e"],
        Interfaces = ["wlan0\tath9k_htc\t1", "eth0\t\t0"],
        HostClock = new(7, -5),
        Agent = "hall",
    };

    // Of the name of the agent.
    private const int AgentBytes = 2 + 4;

    private static readonly Health s_health = new()
    {
        ClockNs = 1,
        Dropped = 2,
        SpoolLost = 3,
        SpoolBytes = 4,
        SpoolBatches = 5,
        LinkType = 6,
        Running = true,
        Paused = true,
        Ended = true,
        Hopping = true,
        HopShuffle = true,
        HopRate = 2.5,
        Progress = 0.75,
        Channel = "6",
        Error = "broken",
        Warning = "odd",
        HopChannels = ["1", "6"],
        Position = new(52.5, -13.25, 35, 3),
        Host = new() { Clock = new(ulong.MaxValue, 1_700_000_000_000_000_000), Cpu = 0.25, Temperature = -3.5, DiskFree = 1, DiskSize = 2, Queue = 3, RadioGone = true },
        Profile = new(ProfileStage.RolledBack, "hq", 4, "no way"),
    };

    // Of what became of profiles.
    private const int ProfileBytes = 1 + 2 + 2 + 8 + 2 + 6;

    // Of the state of a host: its clock, two numbers that need not be known, the disk, the queue and a flag.
    private const int HostBytes = 16 + (2 * 9) + 16 + 4 + 1;

    private static readonly Order s_order = new() { Id = -9, Kind = OrderKind.SetHop, Channel = "6", Channels = ["1", "11"], Rate = 5, Shuffle = false };

    [Fact]
    public void A_hello_comes_out_as_it_went_in()
    {
        Hello got = RoundTrip(s_hello);
        Assert.Equal(s_hello.Channels, got.Channels);
        Assert.Equal(s_hello.Interfaces, got.Interfaces);
        Assert.Equal(s_hello, got with { Channels = s_hello.Channels, Interfaces = s_hello.Interfaces });
    }

    [Fact]
    public void A_health_comes_out_as_it_went_in()
    {
        Health got = RoundTrip(s_health);
        Assert.Equal(s_health.HopChannels, got.HopChannels);
        Assert.Equal(s_health, got with { HopChannels = s_health.HopChannels });
    }

    [Fact]
    public void An_older_agent_says_nothing_of_its_host_and_one_that_knows_nothing_says_so()
    {
        byte[] frame = MessageWriter.Frame(s_health);
        Assert.True(MessageReader.TryRead(frame.AsSpan()[EdgeFrame.HeaderLength..^(HostBytes + ProfileBytes)], out Health older));
        Assert.Equal((null, null, s_health.Position), (older.Host, older.Profile, older.Position));
        Assert.True(MessageReader.TryRead(frame.AsSpan()[EdgeFrame.HeaderLength..^ProfileBytes], out older));
        Assert.Equal((s_health.Host, null), (older.Host, older.Profile));
        Assert.Null(RoundTrip(s_health with { Profile = null }).Profile);
        Assert.Equal(new(), RoundTrip(s_health with { Host = new() }).Host);
        frame = MessageWriter.Frame(s_hello);
        Assert.True(MessageReader.TryRead(frame.AsSpan()[EdgeFrame.HeaderLength..^(16 + AgentBytes)], out Hello before));
        Assert.Equal((null, ""), (before.HostClock, before.Agent));
        Assert.Equal(s_hello.Interfaces, before.Interfaces);
        Assert.Null(RoundTrip(s_hello with { HostClock = null }).HostClock);
    }

    [Fact]
    public void A_health_of_an_older_agent_has_no_place_and_neither_has_one_off_Earth()
    {
        byte[] frame = MessageWriter.Frame(s_health with { Position = null });
        byte[] before = frame[EdgeFrame.HeaderLength..^(25 + HostBytes + ProfileBytes)];
        Assert.Null(Read(before).Position);
        Assert.Equal(s_health.Warning, Read(before).Warning);
        Assert.Null(Read(frame[EdgeFrame.HeaderLength..]).Position);
        Assert.Null(RoundTrip(s_health with { Position = new(91, 0, 0, 2) }).Position);

        static Health Read(ReadOnlySpan<byte> payload)
        {
            Assert.True(MessageReader.TryRead(payload, out Health health));
            return health;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public void An_order_comes_out_as_it_went_in(bool? shuffle)
    {
        Order sent = s_order with { Shuffle = shuffle };
        Order got = RoundTrip(sent);
        Assert.Equal(sent.Channels, got.Channels);
        Assert.Equal(sent, got with { Channels = sent.Channels });
    }

    [Fact]
    public void Small_messages_come_out_as_they_went_in()
    {
        AssertSame(new Welcome(65_535, ulong.MaxValue, 12, 512, int.MaxValue, 5));
        AssertSame(new Ack(1, ulong.MaxValue));
        AssertSame(new Rewind(uint.MaxValue, 2));
        AssertSame(new Continue(3, 4));
        AssertSame(new OrderResult(long.MinValue, "no such channel"));
        AssertSame(new Bye(ByeReason.Failed, ""));
    }

    [Fact]
    public void A_window_is_never_closed_for_good()
    {
        Welcome got = RoundTrip(new Welcome(1, 0, 0, 0, 0));
        Assert.Equal((1, 1), (got.WindowBatches, got.WindowBytes));
    }

    [Fact]
    public void Texts_and_lists_that_are_too_long_are_cut_and_the_message_still_fits()
    {
        // Three bytes each: 1,365 fit, and the last is not cut in the middle.
        string text = new('語', 5000);
        string[] list = [.. Enumerable.Range(0, 2000).Select(static i => new string((char)('a' + i % 26), 100))];
        byte[] frame = MessageWriter.Frame(s_hello with { Name = text, Definition = text, Hardware = text, Interface = text, Channels = list });
        Assert.InRange(frame.Length, 1, EdgeProtocol.MaxControlBytes);
        Hello got = Read<Hello>(frame);
        Assert.Equal(new string('語', 1365), got.Name);
        Assert.InRange(got.Channels.Count, 300, 1024);
        Assert.Equal(list.Take(got.Channels.Count), got.Channels);
    }

    [Fact]
    public void Messages_that_are_cut_are_refused()
    {
        // What an agent of before sends ends where the interfaces begin, or the clock of its host, or its name.
        int hello = MessageWriter.Frame(s_hello).Length - EdgeFrame.HeaderLength - AgentBytes;
        Refuses(s_hello, MessageWriter.Frame(s_hello with { Interfaces = [] }).Length - EdgeFrame.HeaderLength - 2 - 16 - AgentBytes, hello - 16, hello);
        // What an agent of before sends ends where the place begins, or the state of its host, or what became of profiles.
        int health = MessageWriter.Frame(s_health).Length - EdgeFrame.HeaderLength - ProfileBytes;
        Refuses(s_health, health - HostBytes - 25, health - HostBytes, health);
        Refuses(new Profile { Name = "hq", Version = 4, Sources = ["wlan*"], Gps = "gpsd", SpoolBytes = 5 });
        Refuses(s_order);
        // A server of before says nothing of its acknowledgements.
        Refuses(new Welcome(1, 2, 3, 4, 5, 6), MessageWriter.Frame(new Welcome(1, 2, 3, 4, 5)).Length - EdgeFrame.HeaderLength - 4);
        Refuses(new Ack(1, 2));
        Refuses(new Rewind(1, 2));
        Refuses(new Continue(1, 2));
        Refuses(new OrderResult(1, "x"));
        Refuses(new Bye(ByeReason.Done, "x"));
    }

    [Fact]
    public void What_a_newer_peer_appends_is_ignored()
    {
        Hello hello = ReadLonger(s_hello);
        Assert.Equal(s_hello, hello with { Channels = s_hello.Channels, Interfaces = s_hello.Interfaces });
        Assert.Equal(s_hello.Interfaces, hello.Interfaces);
        Assert.Equal(s_health, ReadLonger(s_health) with { HopChannels = s_health.HopChannels });
        Assert.Equal(s_order, ReadLonger(s_order) with { Channels = s_order.Channels });
        AssertSameLonger(new Welcome(1, 2, 3, 4, 5, 6));
        AssertSameLonger(new Ack(1, 2));
        AssertSameLonger(new Rewind(1, 2));
        AssertSameLonger(new Continue(1, 2));
        AssertSameLonger(new OrderResult(1, "x"));
        AssertSameLonger(new Bye(ByeReason.Done, "x"));

        static void AssertSameLonger<T>(T message) where T : IEdgeMessage<T> => Assert.Equal(message, ReadLonger(message));

        static T ReadLonger<T>(T message) where T : IEdgeMessage<T>
        {
            Assert.True(MessageReader.TryRead([.. MessageWriter.Frame(message)[EdgeFrame.HeaderLength..], 1, 0xFF, 2, 3], out T read));
            return read;
        }
    }

    [Fact]
    public void What_a_newer_peer_has_more_kinds_of_is_read()
    {
        Assert.Equal(new Bye(ByeReason.Failed, "tired"), RoundTrip(new Bye((ByeReason)77, "tired")));
        Assert.Equal((OrderKind)77, RoundTrip(s_order with { Kind = (OrderKind)77 }).Kind);
        byte[] frame = MessageWriter.Frame(new Ack(1, 2));
        EdgeFrame.Seal(frame, (EdgeMessageType)77);
        Assert.True(EdgeFrame.TryOpen(frame, out EdgeMessageType type, out _, out _));
        Assert.False(type.IsKnown());
        Assert.All(Enum.GetValues<EdgeMessageType>(), static type => Assert.True(type.IsKnown()));
    }

    [Fact]
    public void Whatever_is_in_a_message_reading_it_ends()
    {
        Random random = new(4711);
        byte[] hello = MessageWriter.Frame(s_hello)[EdgeFrame.HeaderLength..];
        byte[] health = MessageWriter.Frame(s_health)[EdgeFrame.HeaderLength..];
        byte[] order = MessageWriter.Frame(s_order)[EdgeFrame.HeaderLength..];
        int read = 0;
        for (int round = 0; round < 50_000; round++)
        {
            read += Fuzz<Hello>(hello) + Fuzz<Health>(health) + Fuzz<Order>(order);
        }
        Assert.InRange(read, 1, 149_999);

        int Fuzz<T>(byte[] payload) where T : IEdgeMessage<T>
        {
            byte[] changed = [.. payload];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            return MessageReader.TryRead(changed, out T _) ? 1 : 0;
        }
    }

    private static T RoundTrip<T>(T message) where T : IEdgeMessage<T> => Read<T>(MessageWriter.Frame(message));

    private static void AssertSame<T>(T message) where T : IEdgeMessage<T> => Assert.Equal(message, RoundTrip(message));

    private static T Read<T>(byte[] frame) where T : IEdgeMessage<T>
    {
        Assert.True(EdgeFrame.TryOpen(frame, out EdgeMessageType type, out ReadOnlySpan<byte> payload, out string? error), error);
        Assert.Equal(T.Type, type);
        Assert.True(MessageReader.TryRead(payload, out T message));
        return message;
    }

    private static void Refuses<T>(T message, params int[] but) where T : IEdgeMessage<T>
    {
        byte[] payload = MessageWriter.Frame(message)[EdgeFrame.HeaderLength..];
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.Equal(but.Contains(length), MessageReader.TryRead(payload.AsSpan(0, length), out T _));
        }
    }
}
