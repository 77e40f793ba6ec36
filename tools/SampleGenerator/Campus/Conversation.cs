using KismetOrleans.Wire;
using KismetOrleans.Wire.Dot11;

namespace KismetOrleans.SampleGenerator.Campus;

/// <summary>One station talking with one access point: time goes on with every frame.</summary>
/// <param name="air">Who hears it.</param>
/// <param name="dice">For ciphertext and small delays.</param>
/// <param name="network">The access point.</param>
/// <param name="station">The station.</param>
/// <param name="start">Time of the first frame.</param>
internal sealed class Conversation(Air air, Dice dice, AccessPoint network, Station station, TimeSpan start)
{
    private const ushort AssociationId = 1;
    private TimeSpan now = start;
    private ulong packetNumber = 1;

    public TimeSpan Now => now;

    public AccessPoint Network => network;

    public Station Station => station;

    public Dice Dice => dice;

    /// <summary>Lets time pass.</summary>
    public Conversation Wait(double seconds)
    {
        now += TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6));
        return this;
    }

    /// <summary>A frame of the station, acknowledged where asked for.</summary>
    public Conversation Up(byte[] frame, bool ack = false, byte rate = 0) => Send(station, network, frame, ack, rate);

    /// <summary>A frame of the access point.</summary>
    public Conversation Down(byte[] frame, bool ack = false, byte rate = 0) => Send(network, station, frame, ack, rate);

    /// <summary>Probe request by name and the response.</summary>
    public Conversation Probe() => Up(station.ProbeRequest(network.Ssid)).Down(network.ProbeResponse(station.Address, now), ack: true);

    /// <summary>Open system authentication.</summary>
    public Conversation Authenticate() =>
        Up(station.Authentication(network.Address, 0, 1), ack: true)
            .Down(ManagementFrames.Authentication(network, station.Address, 0, 2), ack: true);

    /// <summary>SAE (12.4): commit and confirm both ways, group 19; hash to element (status 126).</summary>
    public Conversation AuthenticateSae()
    {
        byte[] commit() => new FrameBuilder().U16(19).Raw(dice.Bytes(32 + 64)).ToArray();
        byte[] confirm(ushort count) => new FrameBuilder().U16(count).Raw(dice.Bytes(32)).ToArray();
        return Up(station.Authentication(network.Address, 3, 1, commit()), ack: true)
            .Down(ManagementFrames.Authentication(network, station.Address, 3, 1, body: commit()), ack: true)
            .Up(station.Authentication(network.Address, 3, 2, confirm(1)), ack: true)
            .Down(ManagementFrames.Authentication(network, station.Address, 3, 2, body: confirm(1)), ack: true);
    }

    /// <summary>Association with the security element that the station chose.</summary>
    public Conversation Associate(byte[] rsn, params byte[][] others) => Up(station.AssociationRequest(network, rsn, others), ack: true)
        .Down(ManagementFrames.AssociationResponse(network, station.Address, AssociationId), ack: true);

    /// <summary>The 4-way handshake with a passphrase.</summary>
    public Conversation ShakeHands(string passphrase, byte[] rsn, bool withPmkid = false)
    {
        var handshake = new Handshake(passphrase, network, station.Address, rsn, dice);
        return DownData(network.Address, handshake.Message1(1, withPmkid)).UpData(network.Address, handshake.Message2(1))
            .DownData(network.Address, handshake.Message3(2, dice.Bytes(16))).UpData(network.Address, handshake.Message4(2));
    }

    /// <summary>A data frame of the station, unprotected.</summary>
    public Conversation UpData(MacAddress destination, byte[] body, FrameFlags flags = FrameFlags.None) =>
        Up(DataFrames.Build(Header(station.Address, destination, FrameFlags.ToDs | flags, station), body));

    /// <summary>A data frame to the station, unprotected.</summary>
    public Conversation DownData(MacAddress source, byte[] body, FrameFlags flags = FrameFlags.None) =>
        Down(DataFrames.Build(Header(source, station.Address, FrameFlags.FromDs | flags, network), body));

    /// <summary>A data frame to everybody, unprotected and without QoS, as group frames are sent.</summary>
    public Conversation DownGroup(MacAddress source, MacAddress group, byte[] body) => Down(DataFrames.Build(
        Header(source, group, FrameFlags.FromDs, network) with { Kind = FrameKind.Data }, body));

    /// <summary>Encrypted data frames both ways, one in five sent twice with the retry bit.</summary>
    public Conversation Encrypted(MacAddress peer, int frames)
    {
        DataCipher cipher = network.Security.Cipher;
        for (int i = 0; i < frames; i++)
        {
            bool up = dice.Chance(40);
            DataHeader header = up
                ? Header(station.Address, peer, FrameFlags.ToDs | FrameFlags.Protected, station)
                : Header(peer, station.Address, FrameFlags.FromDs | FrameFlags.Protected, network);
            byte[] body = DataFrames.Encrypted(cipher, packetNumber++, dice.Between(40, 300), dice);
            if (dice.Chance(20))
            {
                Send(up ? station : network, null, DataFrames.Build(header, body), ack: false, rate: 0);
                header = header with { Flags = header.Flags | FrameFlags.Retry };
            }
            Send(up ? station : network, up ? network : station, DataFrames.Build(header, body), ack: dice.Chance(30), rate: 0);
            Wait(dice.Between(5, 90) / 1000.0);
        }
        return this;
    }

    /// <summary>A frame without payload that says whether the station sleeps.</summary>
    public Conversation Null(bool asleep)
    {
        FrameFlags flags = FrameFlags.ToDs | (asleep ? FrameFlags.PowerManagement : 0);
        DataHeader header = Header(station.Address, network.Address, flags, station) with { Kind = FrameKind.Null };
        return Up(DataFrames.Build(header, []), ack: true, rate: 12);
    }

    private DataHeader Header(MacAddress source, MacAddress destination, FrameFlags flags, Sender sender) =>
        new(network.Address, source, destination) { Flags = flags, Sequence = sender.NextSequence(), Qos = 0 };

    private Conversation Send(Sender from, Sender? acknowledger, byte[] frame, bool ack, byte rate)
    {
        bool isManagement = (frame[0] & 0x0C) == 0;
        byte basic = from.Radio.Channel.Band == Band.Ghz2 ? (byte)2 : (byte)12;
        air.Hear(now, from.Radio, frame, rate != 0 ? rate : isManagement ? basic : (byte)0);
        Wait(0.000_310);
        if (ack && acknowledger is not null)
        {
            air.Hear(now, acknowledger.Radio, ControlFrames.Ack(from.Address), from.Radio.Channel.Band == Band.Ghz2 ? (byte)4 : (byte)24);
        }
        return Wait(dice.Between(600, 3500) / 1e6);
    }
}
