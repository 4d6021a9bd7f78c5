namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>What infrastructure costs in a month, in US dollars at list prices, before and after a plan.</summary>
/// <param name="Prices">The day of the prices.</param>
/// <param name="Lines">Each part of what costs something, or may.</param>
public sealed record CostEstimate(string Prices, IReadOnlyList<CostLine> Lines)
{
    public CostSum Before { get; } = CostSum.Of(Lines.Select(static one => one.Before));

    public CostSum After { get; } = CostSum.Of(Lines.Select(static one => one.After));

    /// <summary>Of what is known.</summary>
    public decimal Difference => After.Monthly - Before.Monthly;
}

/// <summary>What a part of a resource costs.</summary>
/// <param name="Part">What is paid for, such as <c>t3.medium</c>.</param>
/// <param name="Price">Of a unit, such as <c>0.0416 / hour</c>; null when it is not known.</param>
/// <param name="Before">In a month; 0 while it is not there, null when it is unknown.</param>
/// <param name="After">In a month; 0 when it is gone, null when it is unknown.</param>
/// <param name="Unknown">Why it is unknown, and how it becomes known; null when it is known.</param>
public sealed record CostLine(
    string Address,
    string Part,
    string? Price,
    decimal? Before,
    decimal? After,
    string? Unknown
);

/// <summary>A sum that says what it leaves out.</summary>
/// <param name="Monthly">Of what is known.</param>
/// <param name="Unknown">How many parts are unknown, and not in it.</param>
public sealed record CostSum(decimal Monthly, int Unknown)
{
    internal static CostSum Of(IEnumerable<decimal?> parts)
    {
        var all = parts.ToList();
        return new(all.Sum(static one => one ?? 0), all.Count(static one => one is null));
    }

    public override string ToString() =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Monthly:0.00} USD{(Unknown > 0 ? $" and {Unknown} unknown" : "")}"
        );
}
