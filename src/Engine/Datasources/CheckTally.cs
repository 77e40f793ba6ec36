namespace KismetOrleans.Engine.Datasources;

/// <summary>How the check sequences of one interface's frames were found.</summary>
internal struct CheckTally
{
    /// <summary>Fewer frames prove nothing.</summary>
    private const int Least = 3;

    /// <summary>Frames without a sequence after which one in <see cref="Sample"/> is looked at, as nothing tells of one.</summary>
    private const int UntoldLooks = 256;
    private const int Sample = 64;

    /// <summary>A verdict wants eight for one against it.</summary>
    private const int Clear = 8;

    /// <summary>
    /// Wrong ones of 802.15.4 that show that nothing right stands there, where no frame shows its end: of 16 bits one in 65,536 is right by chance,
    /// and a receiver that hears frames at all has some of them whole.
    /// </summary>
    private const int NoneRight = 8, ByChance = 64;

    /// <summary>Enough right ones that nothing told of to take another for a damaged frame.</summary>
    private const int UntoldProof = 16;

    public int Right;

    /// <summary>Told, but empty or in the other byte order: the frame itself is good.</summary>
    public int Odd;

    /// <summary>Not told, but there.</summary>
    public int UntoldRight;

    /// <summary>Not told, and not there or wrong.</summary>
    public int UntoldOther;

    private int _wrong;
    private int _ends;
    private int _whole;
    private int _before;
    private int _sound;
    private int _metadata;
    private int _metadataRight;
    private int _skipped;

    /// <summary>Most are wrong though the frames are good: they are not what the header tells.</summary>
    public readonly bool IsContradicted =>
        _ends > 0 ? _wrong >= Least && Right < _wrong / (double)Clear && (_whole + _before) * 2 > _ends : HasNoneRight;

    private readonly bool HasNoneRight => _wrong >= NoneRight && Right < _wrong / (double)ByChance && _sound * 4 >= _wrong * 3;

    /// <summary>Of those that are contradicted more have none than have something else in its place.</summary>
    public readonly bool IsAbsent => _whole > _before;

    /// <summary>Nothing tells of the sequences, but all frames have them.</summary>
    public readonly bool HasUntold => UntoldRight >= UntoldProof && UntoldOther < UntoldRight / (double)Clear;

    /// <summary>They are a receiver's notes.</summary>
    public readonly bool IsMetadata => _metadata >= Least && Right < _metadata / (double)Clear && _metadataRight * 4 >= _metadata * 3;

    /// <summary>What is to be said of them; empty where all is as told.</summary>
    public readonly string Finding =>
        IsMetadata ? "a receiver's notes stand in place of the check sequence (TI)"
        : IsContradicted ? IsAbsent ? "a check sequence is told of, but there is none"
            : _ends == 0 ? "a check sequence is told of, but none is right" : "a check sequence is told of, but other bytes stand there"
        : Odd >= Least && Odd > Right ? "check sequences are empty or in the wrong byte order"
        : UntoldRight >= Least && UntoldRight > UntoldOther ? "frames end with a check sequence that nothing tells of"
        : "";

    /// <summary>Whether a frame of which no sequence is told is looked at.</summary>
    public bool LooksForUntold() => UntoldRight > 0 || UntoldOther < UntoldLooks || ++_skipped % Sample == 0;

    /// <summary>Counts a wrong one, with what the frame itself shows.</summary>
    /// <param name="end">Where it ends by its own lengths.</param>
    /// <param name="isSound">Whether its header is as it ought to be; told of 802.15.4 alone.</param>
    public void CountWrong(FrameEnd end, bool isSound = false)
    {
        _wrong++;
        _sound += isSound ? 1 : 0;
        _ends += end == FrameEnd.Unknown ? 0 : 1;
        _whole += end == FrameEnd.Whole ? 1 : 0;
        _before += end == FrameEnd.Before ? 1 : 0;
    }

    /// <summary>Counts one of 802.15.4 that would be right or wrong by a receiver's note.</summary>
    public void CountMetadata(bool isRight)
    {
        _metadata++;
        _metadataRight += isRight ? 1 : 0;
    }
}
