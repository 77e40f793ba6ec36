using KismetOrleans.Records.Dot11;

namespace KismetOrleans.Engine.Persistence;

internal static class DeviceCodecWatch
{
    public static void WriteIf(Dot11Watch? watch, DeviceCodecWriter writer)
    {
        if (watch is null)
        {
            return;
        }
        int start = writer.Begin();
        writer.UInt(watch.TimerSource);
        writer.Byte(watch.TimerJumps);
        writer.Time(watch.TimerJumpLast);
        writer.Time(watch.AuthenticationSecond);
        writer.UInt(watch.Authentications);
        writer.Address(watch.AssociationBssid);
        writer.Fixed32(watch.AssociationFingerprint);
        writer.Time(watch.AssociationTime);
        writer.Address(watch.DisconnectedFrom);
        writer.Time(watch.DisconnectedTime);
        writer.End(start);
    }

    public static Dot11Watch Read(ref DeviceCodecReader outer)
    {
        DeviceCodecReader reader = outer.Part();
        return new()
        {
            TimerSource = reader.UInt16(),
            TimerJumps = reader.Byte(),
            TimerJumpLast = reader.Time(),
            AuthenticationSecond = reader.Time(),
            Authentications = reader.UInt32(),
            AssociationBssid = reader.Address(),
            AssociationFingerprint = reader.Fixed32(),
            AssociationTime = reader.Time(),
            DisconnectedFrom = reader.Address(),
            DisconnectedTime = reader.Time(),
        };
    }
}
