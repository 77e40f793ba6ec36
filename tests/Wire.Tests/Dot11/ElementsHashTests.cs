namespace KismetOrleans.Wire.Tests.Dot11;

/// <summary>The hash by which an unchanged beacon is known without parsing it.</summary>
public sealed class ElementsHashTests
{
    private static readonly string Ssid = Make.Element(0, "6C6162");
    private static readonly string Rates = Make.Element(1, "82848B96");

    private static ulong Hash(params string[] elements) => Make.Parse(Make.Beacon(elements)).ElementsHash;

    [Fact]
    public void A_changed_TIM_changes_nothing()
    {
        ulong before = Hash(Ssid, Make.Element(5, "00010000"), Rates);
        Assert.Equal(before, Hash(Ssid, Make.Element(5, "0103010400"), Rates));
        Assert.NotEqual(0UL, before);
    }

    [Fact]
    public void Any_other_change_shows()
    {
        string tim = Make.Element(5, "00010000");
        string otherSsid = Make.Element(0, "6C6163");
        string otherRates = Make.Element(1, "82848B97");
        ulong[] hashes =
        [
            Hash(Ssid, tim, Rates), Hash(otherSsid, tim, Rates), Hash(Ssid, tim, otherRates), Hash(Rates, tim, Ssid), Hash(tim, Ssid, Rates),
            Hash(Ssid, Rates, tim), Hash(Ssid, tim), Hash(Ssid, Rates),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void A_TIM_behind_a_broken_element_is_not_looked_for()
    {
        // Element 1 claims 200 bytes: from there on everything counts.
        Assert.NotEqual(Hash(Ssid, "01C8", Make.Element(5, "00010000")), Hash(Ssid, "01C8", Make.Element(5, "00020000")));
    }

    [Fact]
    public void No_elements_have_no_hash()
    {
        Assert.Equal(0UL, Hash());
        Assert.Equal(0UL, Make.Parse(Make.ToDs("00")).ElementsHash);
        Assert.NotEqual(0UL, Hash(Make.Element(5, "00010000")));
    }
}
