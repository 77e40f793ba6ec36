using KismetOrleans.SampleGenerator;
using KismetOrleans.Wire;
using static KismetOrleans.Engine.Tests.Frames;

namespace KismetOrleans.Engine.Tests.Tracking;

/// <summary>Third messages of WPS, which answer guesses of its PIN, are counted with their sender.</summary>
public sealed class WpsTests
{
    private readonly Rig _rig = new();
    private byte _id;

    [Fact]
    public void A_run_adds_up_and_a_later_one_begins_anew()
    {
        Send(Ap, 0, 7);
        Send(Ap, 200, 7);
        Send(Ap, 500, 7);
        Assert.Equal((3u, Packets.Start + 500), (_rig.Dot11(Ap).WpsM3Count, _rig.Dot11(Ap).WpsM3Last));
        Send(Ap, 801, 7);
        Assert.Equal((1u, Packets.Start + 801), (_rig.Dot11(Ap).WpsM3Count, _rig.Dot11(Ap).WpsM3Last));
    }

    [Fact]
    public void Other_messages_and_other_senders_are_not_counted()
    {
        Send(Ap, 0, 4);
        Send(Ap, 1, 5);
        Send(Client, 2, 7);
        Assert.Equal((0u, 1u), (_rig.Dot11(Ap).WpsM3Count, _rig.Dot11(Client).WpsM3Count));
    }

    // EAP-WSC (expanded type 254, 00:37:2A, 1), operation WSC_MSG, no flags: version attribute, message type (4 is M1, 5 M2, 7 M3).
    private void Send(MacAddress from, double at, byte message)
    {
        byte[] body = Eapol.Eap(2, _id++, 254, [0x00, 0x37, 0x2A, 0, 0, 0, 1, 4, 0, 0x10, 0x4A, 0, 1, 0x10, 0x10, 0x22, 0, 1, message]);
        _rig.Hear(from == Ap ? FromDs(Ap, Ap, Client, body) : ToDs(from, Ap, Ap, body), at);
    }
}
