using Fairlead.Model.Apps;

namespace Fairlead.Engine.Aws.Billing;

/// <summary>What AWS wants for what Fairlead made, as it was told at a time.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="Until">The first day that is not in it: what AWS says of a day that is not over is no number to go by.</param>
/// <param name="Lines">A line for each site and month; what AWS does not name is in none, and unknown.</param>
public sealed record Bill(DateTimeOffset At, DateOnly Until, IReadOnlyList<BillLine> Lines)
{
    public const string Collection = "aws-bill";
    public const string Key = "bill";

    /// <summary>Why it could not be asked for since; null where it could.</summary>
    public BillTrouble? Trouble { get; init; }
}

/// <param name="Month">Its first day, in UTC, as AWS bills.</param>
/// <param name="Dollars">US dollars, before credits and discounts are divided among accounts (<c>UnblendedCost</c>).</param>
public sealed record BillLine(Site Site, DateOnly Month, decimal Dollars);

/// <param name="Code">Of the problem.</param>
public sealed record BillTrouble(DateTimeOffset At, string Code, string Text);
