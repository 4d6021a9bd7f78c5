using System.Runtime.InteropServices;

namespace Fairlead.Engine.Judging;

/// <summary>
/// The claim that a canary's request is bad with a chance of at most <paramref name="Ratio"/> times the baseline's plus
/// <paramref name="Margin"/> - or, <paramref name="IsReversed"/>, of at least so much.
/// </summary>
/// <remarks>
/// A bet on one request is fair when it wins on average nothing: the factor is 1 + stake (bad - chance) for the canary's and
/// 1 - stake (bad - chance) for the baseline's, with one guess of the baseline's chance in both. A wrong guess cancels out
/// when the stakes are as the numbers of requests: (1 + r s d)^n (1 - t d)^m is at most exp(d (r s n - t m)), which is 1 for
/// t = r s n / m, whatever d is. So the chance may drift, and a burst that both meet moves nothing.
/// </remarks>
internal sealed record Claim(double Ratio, double Margin, bool IsReversed = false)
{
    private const double LevelMin = 1e-9;

    public Round Open(Split canary, Split baseline, double level)
    {
        var guess = Math.Clamp(level, LevelMin, 1 - LevelMin);
        var allowed = Math.Min((Ratio * guess) + Margin, 1 - LevelMin);
        var perRequest = (double)baseline.All / (canary.All * Ratio);
        var most = IsReversed
            ? Math.Min(1 / (1 - allowed), perRequest / guess)
            : Math.Min(1 / allowed, perRequest / (1 - guess));
        var sign = IsReversed ? -1 : 1;
        return new(canary, baseline, allowed, guess, sign * most, -sign * most / perRequest);
    }

    /// <summary>One block of bets.</summary>
    /// <param name="Allowed">The chance that the claim allows the canary.</param>
    /// <param name="Most">The largest stake on a canary's request that can lose no more than all, with its sign.</param>
    /// <param name="MostOther">The stake on a baseline's request that belongs to it.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Round(
        Split Canary,
        Split Baseline,
        double Allowed,
        double Guess,
        double Most,
        double MostOther
    )
    {
        /// <summary>The logarithm of what a part of the largest stake is multiplied by.</summary>
        /// <param name="part">Above 0, below 1.</param>
        public double LogGain(double part) =>
            LogGain(Canary, Allowed, part * Most) + LogGain(Baseline, Guess, part * MostOther);

        private static double LogGain(Split split, double chance, double stake) =>
            Log(split.Bad, stake * (1 - chance))
            + Log(split.Good, stake * -chance)
            + Log(split.Partly, stake * (split.Weight - chance));

        private static double Log(long times, double gain) => times == 0 ? 0 : times * Math.Log(1 + gain);
    }
}
