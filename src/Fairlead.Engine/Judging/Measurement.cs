namespace Fairlead.Engine.Judging;

/// <summary>One thing that is compared: bets that it got worse, and bets that it did not.</summary>
/// <param name="weight">Its part of the judge's whole capital; the parts of all measurements sum to 1.</param>
internal sealed class Measurement(double weight, Claim isHarmless, Claim? isHarmful, double gainMax)
{
    private readonly Bets harm = new(isHarmless, gainMax);
    private readonly Bets? peace = isHarmful is null ? null : new(isHarmful, gainMax);

    /// <summary>Its part of the capital that was won by betting on harm, as a logarithm.</summary>
    public double LogHarm => Math.Log(weight) + harm.LogCapital;

    /// <summary>By how much a picture like this one speaks for harm: a healthy release shows it once in so many rollouts.</summary>
    public double Against => Math.Exp(Math.Min(harm.LogCapital, 700));

    /// <summary>By how much it speaks for there being no harm that matters.</summary>
    public double For => peace is null ? 1 : Math.Exp(Math.Min(peace.LogCapital, 700));

    public bool IsPeaceful(double wrongPasses) => peace is null || peace.LogCapital >= -Math.Log(wrongPasses);

    /// <param name="canaryForPeace">The canary's requests as the claim of harm divides them.</param>
    public void Play(Split canary, Split canaryForPeace, Split baseline, Level level)
    {
        harm.Play(canary, baseline, level.Chance, level.Clumping);
        peace?.Play(canaryForPeace, baseline, level.Chance, level.Clumping);
    }
}
