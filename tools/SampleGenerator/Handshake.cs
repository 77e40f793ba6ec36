// IEEE Std 802.11-2020, clauses 12.7.1.3 (pairwise keys) and 12.7.6 (4-way handshake), AKM 00-0F-AC:2.
using System.Security.Cryptography;
using System.Text;
using KismetOrleans.Wire;

namespace KismetOrleans.SampleGenerator;

/// <summary>
/// A 4-way handshake with a passphrase that is right to the last bit, so that tools which check message integrity codes accept it.
/// </summary>
public sealed class Handshake
{
    private const ushort PairwiseAesVersion = 0x000A, Install = 0x0040, Ack = 0x0080, Mic = 0x0100, Secure = 0x0200, EncryptedData = 0x1000;

    /// <summary>Bytes from the start of the LLC header to the EAPOL header, and from there to the MIC.</summary>
    private const int LlcLength = 8, MicOffset = 81, MicLength = 16;

    private readonly byte[] pmk;
    private readonly byte[] ptk;
    private readonly byte[] anonce;
    private readonly byte[] snonce;
    private readonly byte[] pmkid;
    private readonly byte[] apElement;
    private readonly byte[] stationElement;

    /// <summary>Derives all keys (12.7.1.3: PRF-384; RFC 8018: PBKDF2 with 4,096 rounds).</summary>
    /// <param name="passphrase">Of the network.</param>
    /// <param name="network">The access point.</param>
    /// <param name="station">The station's address.</param>
    /// <param name="stationElement">The RSN element that the station asked with.</param>
    /// <param name="dice">Makes the nonces.</param>
    public Handshake(string passphrase, AccessPoint network, MacAddress station, byte[] stationElement, Dice dice)
    {
        (apElement, this.stationElement) = (network.Security.Rsn, stationElement);
        anonce = dice.Bytes(32);
        snonce = dice.Bytes(32);
        pmk = Rfc2898DeriveBytes.Pbkdf2(passphrase, network.Ssid, 4096, HashAlgorithmName.SHA1, 32);
        byte[] ap = new FrameBuilder().Address(network.Address).ToArray(), sta = new FrameBuilder().Address(station).ToArray();
        bool apFirst = network.Address.Value < station.Value;
        bool anonceFirst = anonce.AsSpan().SequenceCompareTo(snonce) < 0;
        byte[] seed = new FrameBuilder().Text("Pairwise key expansion").U8(0).Raw(apFirst ? ap : sta).Raw(apFirst ? sta : ap)
            .Raw(anonceFirst ? anonce : snonce).Raw(anonceFirst ? snonce : anonce).ToArray();
        ptk = [.. Enumerable.Range(0, 3).SelectMany(i => HMACSHA1.HashData(pmk, (byte[])[.. seed, (byte)i])).Take(48)];
        pmkid = HMACSHA1.HashData(pmk, (byte[])[.. Encoding.ASCII.GetBytes("PMK Name"), .. ap, .. sta])[..16];
    }

    /// <summary>Message 1: the access point's nonce, and the PMKID KDE where asked for.</summary>
    public byte[] Message1(ulong replay, bool withPmkid) => Eapol.Key(PairwiseAesVersion | Ack, replay, anonce,
        withPmkid ? [0xDD, 0x14, 0x00, 0x0F, 0xAC, 0x04, .. pmkid] : []);

    /// <summary>Message 2: the station's nonce and RSN element.</summary>
    public byte[] Message2(ulong replay) => Signed(Eapol.Key(PairwiseAesVersion | Mic, replay, snonce, stationElement));

    /// <summary>Message 3: the access point's RSN element and the group key, wrapped.</summary>
    public byte[] Message3(ulong replay, byte[] groupKey)
    {
        byte[] plain = new FrameBuilder().Raw(apElement).Raw([0xDD, 0x16, 0x00, 0x0F, 0xAC, 0x01, 0x01, 0x00]).Raw(groupKey).ToArray();
        return Signed(Eapol.Key(PairwiseAesVersion | Install | Ack | Mic | Secure | EncryptedData, replay, anonce, Wrap(plain)));
    }

    /// <summary>Message 4: done.</summary>
    public byte[] Message4(ulong replay) => Signed(Eapol.Key(PairwiseAesVersion | Mic | Secure, replay, new byte[32], []));

    private byte[] Signed(byte[] packet)
    {
        HMACSHA1.HashData(ptk.AsSpan(0, 16), packet.AsSpan(LlcLength)).AsSpan(0, MicLength).CopyTo(packet.AsSpan(LlcLength + MicOffset));
        return packet;
    }

    /// <summary>AES key wrap (RFC 3394, 2.2.1) with the key encryption key; the data is padded with
    /// 0xDD and zeros to blocks of eight.</summary>
    private byte[] Wrap(byte[] plain)
    {
        if (plain.Length % 8 != 0)
        {
            plain = new FrameBuilder().Raw(plain).U8(0xDD).Align(8).ToArray();
        }
        using Aes aes = Aes.Create();
        aes.Key = ptk[16..32];
        byte[] wrapped = [.. Enumerable.Repeat((byte)0xA6, 8), .. plain];
        int blocks = plain.Length / 8;
        var block = new byte[16];
        for (int step = 0; step < 6 * blocks; step++)
        {
            Span<byte> part = wrapped.AsSpan(8 + 8 * (step % blocks), 8);
            wrapped.AsSpan(0, 8).CopyTo(block);
            part.CopyTo(block.AsSpan(8));
            byte[] sealedBlock = aes.EncryptEcb(block, PaddingMode.None);
            sealedBlock.AsSpan(8).CopyTo(part);
            // The counter is at most 6 × 12 here: it fits the last byte.
            sealedBlock[7] ^= (byte)(step + 1);
            sealedBlock.AsSpan(0, 8).CopyTo(wrapped);
        }
        return wrapped;
    }
}
