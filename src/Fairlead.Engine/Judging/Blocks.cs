namespace Fairlead.Engine.Judging;

/// <summary>
/// When a block ends. It is chosen by time and by how many requests came, never by how they went, or the odds would bend. Short
/// blocks find gross harm soon; long ones later keep the evidence small: an hour makes some 300.
/// </summary>
internal static class Blocks
{
    /// <summary>Beyond this, blocks only grow.</summary>
    public const int Many = 2_000;

    private const int CanaryMin = 4;
    private const int PerStep = 60;
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(15);

    /// <param name="age">How long the block has grown.</param>
    /// <param name="canary">Requests to the canary in it.</param>
    /// <param name="baseline">Requests to the baseline in it.</param>
    /// <param name="watched">How long the share has been what it is.</param>
    /// <param name="count">Blocks before this one.</param>
    public static BlockState StateOf(TimeSpan age, long canary, long baseline, TimeSpan watched, int count)
    {
        var length = watched / PerStep;
        length =
            length < Least ? Least
            : length > Most && count < Many ? Most
            : length;
        if (age < length)
        {
            return BlockState.Open;
        }
        return canary > 0 && baseline > 0 && (canary >= CanaryMin || age >= Patience) ? BlockState.Full
            // One side of now and the other of long ago cannot be compared.
            : age >= Stale ? BlockState.Stale
            : BlockState.Open;
    }
}

/// <summary>What becomes of a block.</summary>
internal enum BlockState
{
    Open,

    /// <summary>It is evidence.</summary>
    Full,

    /// <summary>It is forgotten.</summary>
    Stale,
}
