namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>One made frame of each kind that a parser reads, for the tests that cut and spoil them.</summary>
internal static class SampleFrames
{
    // LLC and SNAP with EtherType 0x888E, EAPOL version 1 type 3 length 117; descriptor 2, ack and pairwise (message 1), key length 16,
    // replay counter 5, nonce 00..1F, then IV, RSC, id and MIC of zeros, key data: PMKID KDE A0..AF.
    internal const string Eapol1 =
        "AAAA03000000 888E 01 03 0075 02 008A 0010 0000000000000005" +
        "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F" +
        "00000000000000000000000000000000 0000000000000000 0000000000000000 00000000000000000000000000000000" +
        "0016 DD14 000FAC04 A0A1A2A3A4A5A6A7A8A9AAABACADAEAF";

    // EAPOL type 0, EAP response 7, identity "bob".
    internal const string EapIdentity = "AAAA03000000 888E 01 00 0008 02 07 0008 01 626F62";

    // EAP response, expanded type, WFA vendor 00372A type 1, WSC_MSG; attributes: version 0x10, message type 7 (M3).
    internal const string EapWpsM3 = "AAAA03000000 888E 01 00 0018 02 08 0018 FE 00372A 00000001 04 00 104A0001 10 10220001 07";

    // ARP request: 02:..:01 has 192.0.2.10, who has 192.0.2.1?
    internal const string Arp = "AAAA03000000 0806 0001 0800 06 04 0001 020000000001 C000020A 000000000000 C0000201";

    // IPv4, UDP 68 → 67; DHCP discover of 02:..:01: host "pc1", vendor class "MSFT 5.0", client id, asks for 192.0.2.77.
    internal static readonly string Dhcp = "AAAA03000000 0800 " + Ip(17, "0044 0043 0128 0000 " + DhcpMessage);

    // IPv4, TCP 49152 → 443.
    internal static readonly string Tcp = "AAAA03000000 0800 " + Ip(6, "C000 01BB 00000000 00000000 5002 0000 0000 0000");

    // CDP version 2: device "switch1", port "Fa0/1".
    internal const string Cdp = "AAAA0300000C 2000 02 B4 0000 0001 000B 73776974636831 0003 0009 4661302F31";

    internal const string DhcpMessage =
        "01 01 06 00 12345678 0000 0000 00000000 00000000 00000000 00000000 02000000000100000000000000000000" +
        DhcpNames + "63825363 350101 3D0701020000000001 0C03706331 3C084D53465420352E30 3204C000024D FF";

    // 64 bytes of server name and 128 of file name.
    private const string DhcpNames =
        Zeros32 + Zeros32 + Zeros32 + Zeros32 + Zeros32 + Zeros32;

    private const string Zeros32 = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>An access point's beacon with one of every element that is read.</summary>
    internal static readonly byte[] FullBeacon = Make.Beacon(
        Make.Element(0, "6C6162"),
        Make.Element(1, "82848B960C121824"),
        Make.Element(3, "06"),
        Make.Element(5, "00010000"),
        Make.Element(7, "444520 010D14"),
        Make.Element(11, "0300 80 0000"),
        Make.Element(33, "0214"),
        Make.Element(35, "1100"),
        Make.Element(36, "0104"),
        Make.Element(45, "EF01 17 FFFF0000 000000000000000000000000000000000000000000"[..59]),
        Make.Element(48, "0100 000FAC04 0100 000FAC04 0100 000FAC02 8000 0000"),
        Make.Element(50, "3048606C"),
        Make.Element(54, "A1B200"),
        Make.Element(61, "06050000000000000000000000000000000000000000"),
        Make.Element(70, "0300000000"),
        Make.Element(113, "00000000000708"),
        Make.Element(114, "6D657368"),
        Make.Element(127, "0000080000000040"),
        Make.Element(133, "00008F000F00FF035900 61702D3100000000000000000000000000"[..53]),
        Make.Element(150, "004096 00 0B"),
        Make.Element(191, "B2598203 EAFF 0000 EAFF 0000"),
        Make.Element(192, "01 9B 00 0000"),
        Make.Element(221, "0050F2 01 0100 0050F202 0100 0050F202 0100 0050F202"),
        Make.Element(221, "0050F2 02 01 01 00 00 03A40000 27A40000 42435E00 62322F00"),
        Make.Element(221, "0050F2 04 104A000110 1044000102 10570001 01 10080002 0680 10210003 616263 1049000600372A000120"),
        Make.Element(221, "506F9A 1C 020000000009 03 6F7765"),
        Make.Element(221, "506F9A 09 0C 0200 0000"),
        Make.Element(221, "000B86 01 03 00 6E616D65"),
        Make.Element(221, "FA0BBC 0D 01" + BasicId),
        Make.Element(221, "263712" + DjiVersion2),
        Make.Element(255, "23 00"));

    // Basic id (0): serial number, multirotor, "MADE0001".
    internal const string BasicId = "02 12 4D41444530303031 000000000000000000000000 000000";

    // DroneID flight record 2: sequence 77, all valid and in the air, "SERIAL0000000001", 10° E 50° N, 120, 30, speeds 100 −100 50,
    // yaw 90°, time 1700000000000, app 50° N 10° E, home 10° E 50° N, product 58.
    internal const string DjiVersion2 =
        "586213 10 02 4D00 F30F 53455249414C30303030303030303031 B2A11A00 7A288500 7800 1E00 6400 9CFF 3200 2823 0068E5CF8B010000" +
        "7A288500 B2A11A00 B2A11A00 7A288500 3A 00 0000000000000000000000000000000000000000";

    internal static IEnumerable<byte[]> All =>
    [
        FullBeacon,
        Make.Hex($"4000 0000 {Make.Broadcast}{Make.Station}{Make.Broadcast} 1000 0003 6C6162 0104 02040B16"),
        Make.Hex($"0000 0000 {Make.Ap}{Make.Station}{Make.Ap} 1000 2104 0A00 0003 6C6162 3014 0100000FAC040100000FAC040100000FAC02C000"),
        Make.Hex($"2000 0000 {Make.Ap}{Make.Station}{Make.Ap} 1000 2104 0A00 {Make.Other} 0003 6C6162"),
        Make.Hex($"B000 0000 {Make.Ap}{Make.Station}{Make.Ap} 1000 0000 0100 0000"),
        Make.Hex($"C000 0000 {Make.Station}{Make.Ap}{Make.Ap} 1000 0700"),
        Make.Hex($"D000 0000 {Make.Station}{Make.Ap}{Make.Ap} 1000 05 05 01 340D {Make.Fourth} 00000000 51 0B 07"),
        Make.Hex($"B400 0000 {Make.Ap}{Make.Station}"),
        Make.Hex($"0803 0000 {Make.Ap}{Make.Station}{Make.Other} 1000 {Make.Fourth} {Arp}"),
        Make.Hex($"8842 0000 {Make.Station}{Make.Ap}{Make.Other} 1000 0000 0000002000000000 0102030405060708"),
        Make.ToDs(Eapol1),
        Make.ToDs(EapIdentity),
        Make.ToDs(EapWpsM3),
        Make.ToDs(Arp),
        Make.ToDs(Dhcp),
        Make.ToDs(Tcp),
        Make.ToDs(Cdp),
        Make.QosToDs("8000", Subframe(Tcp) + "0000" + Subframe(Arp)),
    ];

    /// <summary>A subframe of an A-MSDU without its padding.</summary>
    internal static string Subframe(string msdu) => $"{Make.Other}{Make.Station}{Make.Hex(msdu).Length:X4}{msdu}";

    private static string Ip(byte protocol, string payload) =>
        $"45 00 {Make.Hex(payload).Length + 20:X4} 0000 0000 40 {protocol:X2} 0000 C000020A C0000201 {payload}";
}
