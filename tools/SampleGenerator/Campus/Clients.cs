using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator.Campus;

/// <summary>Clients of the encrypted networks: one of each way to get in, data, and ways to leave.</summary>
internal static class Clients
{
    /// <summary>Passphrase of the networks whose handshakes can be checked.</summary>
    private const string Passphrase = "correct horse battery staple";

    private const byte EapAkm = 1, PskAkm = 2, PskFtAkm = 4, SaeAkm = 8, OweAkm = 18;

    private static readonly MacAddress Router = Networks.Mac("00:25:9C:EE:00:01");

    public static void Play(Air air, Dice dice, Networks networks)
    {
        Conversation Between(AccessPoint network, string mac, sbyte signal, double start) => new(air, dice, network,
            new(Networks.Mac(mac), network.Radio with { Signal = signal, Swing = 8, Period = 19 }), TimeSpan.FromSeconds(start));

        byte[] psk = Security.StationRsn(PskAkm);
        // Two clients of the library: a whole handshake, and one whose first message carries the PMKID.
        Between(networks.Psk, "3C:15:C2:A0:00:01", -55, 4.2).Probe().Authenticate().Associate(psk).ShakeHands(Passphrase, psk)
            .Encrypted(Router, 60).Null(asleep: true).Wait(1).Null(asleep: false).Encrypted(Router, 25);
        Conversation second = Between(networks.Psk, "A4:C3:61:B0:00:02", -63, 11.7).Probe().Authenticate().Associate(psk)
            .ShakeHands(Passphrase, psk, withPmkid: true).Encrypted(Router, 30);
        // Thrown out with reason 15 and in again.
        second.Down(ManagementFrames.Deauthentication(networks.Psk, second.Station.Address, networks.Psk.Address, 15), ack: true).Wait(0.4)
            .Authenticate().Associate(psk).ShakeHands(Passphrase, psk).Encrypted(Router, 12);

        Roam(networks, Between(networks.PskFt, "8C:85:90:C0:00:03", -60, 15.0),
            Between(networks.PskFtPeer, "8C:85:90:C0:00:03", -57, 31.0));
        Enterprise(Between(networks.Enterprise, "5C:F5:DA:D0:00:04", -64, 20.5));

        Between(networks.Sae, "F8:A9:D0:E0:00:05", -66, 26).Probe().AuthenticateSae().Associate(Security.StationRsn(SaeAkm, 0xC0))
            .Encrypted(Router, 40);
        Between(networks.Sae6, "5C:5B:35:99:00:06", -68, 29).AuthenticateSae().Associate(Security.StationRsn(SaeAkm, 0xC0))
            .Encrypted(Router, 25);
        Between(networks.Transition, "24:0A:C4:F0:00:07", -70, 33).Probe().Authenticate().Associate(psk).ShakeHands(Passphrase, psk)
            .Encrypted(Router, 30);
        // OWE (RFC 8110): the Diffie-Hellman element (255/32) stands in the request.
        Between(networks.Owe, "DC:A6:32:10:00:08", -61, 37).Probe().Authenticate()
            .Associate(Security.StationRsn(OweAkm, 0xC0), Elements.Extended(32, [19, 0, .. dice.Bytes(32)])).Encrypted(Router, 25);
        Between(networks.Wep, "00:13:02:20:00:09", -76, 41).Probe().Authenticate().Associate([]).Encrypted(Router, 35);
        Between(networks.Wpa1, "00:13:02:20:00:0A", -79, 44).Probe().Authenticate().Associate(Security.WpaElement(2, [2], PskAkm))
            .Encrypted(Router, 25);
        Between(networks.Mixed, "B8:27:EB:30:00:0B", -71, 47).Probe().Authenticate().Associate(psk).ShakeHands(Passphrase, psk)
            .Encrypted(Router, 30);
        Between(networks.Hidden, "3C:15:C2:A0:00:0C", -58, 51).Probe().Authenticate().Associate(psk).ShakeHands(Passphrase, psk)
            .Encrypted(Router, 20);
        Between(networks.HiddenNul, "3C:15:C2:A0:00:0D", -72, 53).Probe().Authenticate().Associate(psk).Encrypted(Router, 10);
        Flood(networks.Mixed, Between(networks.Mixed, "B8:27:EB:30:00:0B", -71, 96));
    }

    /// <summary>Over the air from one access point to the next (fast transition, 13.5.2), and leaving the first.</summary>
    private static void Roam(Networks networks, Conversation first, Conversation next)
    {
        byte[] rsn = Security.StationRsn(PskFtAkm), mobility = Elements.MobilityDomain(0x1C2A, overDs: true);
        first.Probe().Authenticate().Associate(rsn, mobility).Encrypted(Router, 25)
            .Up(ManagementFrames.NeighborReportRequest(first.Station, networks.PskFt.Address, 1), ack: true)
            .Down(ManagementFrames.NeighborReportResponse(networks.PskFt, first.Station.Address, 1, [networks.PskFtPeer]), ack: true)
            .Down(ManagementFrames.BssTransitionRequest(networks.PskFt, first.Station.Address, 2), ack: true)
            .Up(ManagementFrames.Disassociation(first.Station, networks.PskFt.Address, networks.PskFt.Address, 8), ack: true);
        // RSN with the PMK-R0 name's place, mobility domain, fast BSS transition element (55): MIC control, MIC, nonces.
        byte[] fast = Elements.Of(55, new FrameBuilder().Zero(2 + 16 + 32).Raw(next.Dice.Bytes(32)).ToArray());
        byte[] body = [.. rsn, .. mobility, .. fast];
        next.Up(next.Station.Authentication(networks.PskFtPeer.Address, 2, 1, body), ack: true)
            .Down(ManagementFrames.Authentication(networks.PskFtPeer, next.Station.Address, 2, 2, body: body), ack: true)
            .Up(next.Station.ReassociationRequest(networks.PskFtPeer, networks.PskFt.Address, rsn, mobility), ack: true)
            .Down(ManagementFrames.AssociationResponse(networks.PskFtPeer, next.Station.Address, 1, again: true), ack: true)
            .Encrypted(Router, 25);
    }

    /// <summary>802.1X: start, identity, TLS begin, success; then encrypted data with block acknowledgement set up.</summary>
    private static void Enterprise(Conversation talk)
    {
        MacAddress ap = talk.Network.Address, station = talk.Station.Address;
        talk.Probe().Authenticate().Associate(Security.StationRsn(EapAkm))
            .UpData(ap, Eapol.Start())
            .DownData(ap, Eapol.Eap(1, 1, 1, []))
            .UpData(ap, Eapol.Eap(2, 1, 1, "anonymous@campus.example"u8))
            .DownData(ap, Eapol.Eap(1, 2, 13, [0x20]))
            .UpData(ap, Eapol.Eap(2, 2, 13, [0x00]))
            .DownData(ap, Eapol.Eap(3, 2, 0, []))
            .Up(ManagementFrames.AddBlockAckRequest(talk.Station, ap, ap, 1), ack: true)
            .Down(ManagementFrames.AddBlockAckResponse(talk.Network, station, ap, 1), ack: true)
            .Encrypted(Router, 40)
            .Up(ControlFrames.BlockAckRequest(ap, station, 17), rate: 24)
            .Down(ControlFrames.BlockAck(station, ap, 17, 0xFFFF), rate: 24);
    }

    /// <summary>Somebody pretends to be the access point and throws everybody out.</summary>
    private static void Flood(AccessPoint network, Conversation talk)
    {
        for (int i = 0; i < 14; i++)
        {
            MacAddress victim = i % 2 == 0 ? MacAddress.Broadcast : talk.Station.Address;
            talk.Down(ManagementFrames.Deauthentication(network, victim, network.Address, 7)).Wait(0.05);
        }
    }
}
