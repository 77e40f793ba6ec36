using KismetOrleans.Records.Devices;
using KismetOrleans.Records.Dot11;
using KismetOrleans.Wire;

namespace KismetOrleans.Engine.Persistence;

/// <summary>Frames kept of handshakes, and their nonces.</summary>
internal static class DeviceCodecHandshakes
{
    // The frame with the PMKID is one of the handshakes', as a rule: those are numbered from 1, and 0 is one that stands by itself.
    private const uint OwnPacket = 0;

    public static void Write(Dot11Device device, DeviceCodecWriter writer)
    {
        if (device.Handshakes is { } handshakes)
        {
            writer.UInt((uint)handshakes.Count);
            for (int i = 0; i < handshakes.Count; i++)
            {
                writer.Address(handshakes.Key(i));
                List<EapolRecord> frames = handshakes.Value(i);
                writer.UInt((uint)frames.Count);
                foreach (EapolRecord frame in frames)
                {
                    Write(frame, writer);
                }
            }
        }
        WriteIf(device.Nonces, writer);
        WriteIf(device.Anonces, writer);
        if (device.PmkidPacket is not null)
        {
            uint number = NumberOf(device.PmkidPacket, device.Handshakes);
            writer.UInt(number);
            if (number == OwnPacket)
            {
                Write(device.PmkidPacket, writer);
            }
        }
        WriteIf(device.BeaconPacket, writer);
    }

    public static void WriteIf(PacketRecord? packet, DeviceCodecWriter writer)
    {
        if (packet is not null)
        {
            Write(packet, writer);
        }
    }

    public static SmallMap<List<EapolRecord>> Read(ref DeviceCodecReader reader)
    {
        int count = reader.Count(7);
        SmallMap<List<EapolRecord>> handshakes = new(count);
        for (int i = 0; i < count; i++)
        {
            MacAddress client = reader.Address();
            List<EapolRecord> frames = [];
            for (int left = reader.Count(); left > 0; left--)
            {
                frames.Add(ReadFrame(ref reader));
            }
            DeviceCodecClients.Add(handshakes, client, frames);
        }
        return handshakes;
    }

    public static List<NonceRecord> ReadNonces(ref DeviceCodecReader outer)
    {
        List<NonceRecord> nonces = [];
        for (int left = outer.Count(); left > 0; left--)
        {
            DeviceCodecReader reader = outer.Part();
            nonces.Add(new((long)reader.Fixed64(), reader.Byte(), reader.UInt64(), reader.Byte() != 0, reader.Bytes()));
        }
        return nonces;
    }

    public static PacketRecord ReadPmkid(Dot11Device device, ref DeviceCodecReader reader)
    {
        uint number = reader.UInt32();
        return number == OwnPacket ? ReadPacket(ref reader)
            : PacketOf(number, device.Handshakes) ?? throw DeviceCodecReader.Spoiled($"there is no frame {number} of handshakes");
    }

    public static PacketRecord ReadPacket(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        return new((long)reader.Fixed64(), reader.UInt32(), reader.Bytes());
    }

    private static void Write(EapolRecord frame, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        writer.Fixed64((ulong)frame.TimeNs);
        writer.Byte(frame.Direction);
        writer.Byte(frame.Message);
        writer.UInt(frame.ReplayCounter);
        writer.Byte(frame.Install ? (byte)1 : (byte)0);
        writer.Blob(frame.Nonce);
        writer.Blob(frame.Pmkid);
        Write(frame.Packet, writer);
        writer.End(start);
    }

    private static EapolRecord ReadFrame(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        return new(
            (long)reader.Fixed64(), reader.Byte(), reader.Byte(), reader.UInt64(), reader.Byte() != 0, reader.Bytes(), reader.Bytes(),
            ReadPacket(ref reader));
    }

    private static void Write(PacketRecord packet, DeviceCodecWriter writer)
    {
        int start = writer.Begin();
        writer.Fixed64((ulong)packet.TimeNs);
        writer.UInt(packet.LinkType);
        writer.Blob(packet.Data);
        writer.End(start);
    }

    private static void WriteIf(List<NonceRecord>? nonces, DeviceCodecWriter writer)
    {
        if (nonces is null)
        {
            return;
        }
        writer.UInt((uint)nonces.Count);
        foreach (NonceRecord nonce in nonces)
        {
            int start = writer.Begin();
            writer.Fixed64((ulong)nonce.TimeNs);
            writer.Byte(nonce.Message);
            writer.UInt(nonce.ReplayCounter);
            writer.Byte(nonce.Install ? (byte)1 : (byte)0);
            writer.Blob(nonce.Nonce);
            writer.End(start);
        }
    }

    private static uint NumberOf(PacketRecord packet, SmallMap<List<EapolRecord>>? handshakes)
    {
        uint number = 0;
        for (int i = 0; i < (handshakes?.Count ?? 0); i++)
        {
            foreach (EapolRecord frame in handshakes!.Value(i))
            {
                number++;
                if (ReferenceEquals(frame.Packet, packet))
                {
                    return number;
                }
            }
        }
        return OwnPacket;
    }

    private static PacketRecord? PacketOf(uint number, SmallMap<List<EapolRecord>>? handshakes)
    {
        for (int i = 0; i < (handshakes?.Count ?? 0); i++)
        {
            List<EapolRecord> frames = handshakes!.Value(i);
            if (number <= frames.Count)
            {
                return frames[(int)number - 1].Packet;
            }
            number -= (uint)frames.Count;
        }
        return null;
    }
}
