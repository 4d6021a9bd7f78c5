namespace Fairlead.Engine.Judging;

/// <summary>
/// Bets against a claim about two sides, such as "a request to the canary fails no more often than one to the baseline".
/// </summary>
/// <remarks>
/// While the claim is true, no way of betting makes money on average: with a capital of 1 at the start, the chance that it
/// ever reaches 100 is below 1 in 100 (Ville 1939), however often one looks and whenever one stops. How the stakes are chosen
/// decides only how soon a false claim is found out. Everything is reckoned in logarithms: capitals of 1e-400 and 1e400 occur.
/// See docs/decisions/0009.
/// </remarks>
/// <param name="gainMax">The logarithm of the most that one block may multiply a stake by, so that one burst decides nothing.</param>
internal sealed class Bets(Claim claim, double gainMax)
{
    // A small stake finds small effects, a large one gross effects soon. Together they are never far from the best.
    private static readonly double[] Stakes = [1 / 64.0, 1 / 32.0, 1 / 16.0, 1 / 8.0, 1 / 4.0, 0.4, 0.6, 0.8];

    // Capital that is staked later finds harm that begins later.
    private const int FirstReserve = 20;

    private readonly double[] capitals = [.. Stakes.Select(_ => double.NegativeInfinity)];
    private double held;
    private int played;
    private int nextStake;

    /// <summary>The natural logarithm of the capital.</summary>
    public double LogCapital
    {
        get
        {
            var most = held;
            foreach (var capital in capitals)
            {
                most = Math.Max(most, capital);
            }
            var sum = Math.Exp(held - most);
            foreach (var capital in capitals)
            {
                sum += Math.Exp(capital - most);
            }
            return most + Math.Log(sum);
        }
    }

    /// <summary>Plays one block.</summary>
    /// <param name="level">How likely a baseline's request is bad, as far as earlier blocks tell.</param>
    /// <param name="clumping">How many bad requests come together, at least 1, as far as earlier blocks tell.</param>
    public void Play(Split canary, Split baseline, double level, double clumping)
    {
        if (canary.All == 0 || baseline.All == 0)
        {
            return; // With one side alone there is nothing to compare.
        }
        if (played == nextStake)
        {
            Stake();
        }
        played++;
        var round = claim.Open(canary, baseline, level);
        for (var index = 0; index < Stakes.Length; index++)
        {
            capitals[index] += Math.Min(round.LogGain(Stakes[index]) / clumping, gainMax);
        }
    }

    // Two thirds of what is held back are staked, and again each time the number of blocks has doubled.
    private void Stake()
    {
        nextStake = Math.Max(FirstReserve, nextStake * 2);
        var each = held + Math.Log(2 / 3.0 / Stakes.Length);
        held -= Math.Log(3);
        for (var index = 0; index < capitals.Length; index++)
        {
            var (more, less) = capitals[index] > each ? (capitals[index], each) : (each, capitals[index]);
            capitals[index] = more + Math.Log(1 + Math.Exp(less - more));
        }
    }
}
