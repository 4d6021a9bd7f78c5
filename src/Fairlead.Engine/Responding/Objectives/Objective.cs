namespace Fairlead.Engine.Responding.Objectives;

/// <summary>A goal as OpenSLO says it, as far as it can be kept.</summary>
/// <param name="Name">Of the object; with the objective's place behind it where it has several.</param>
/// <param name="Indicator">How good and bad are counted.</param>
/// <param name="Target">Part that must be good, above 0 and below 1.</param>
/// <param name="Window">Over which the budget lasts.</param>
public sealed record Objective(string Name, string Service, Indicator Indicator, double Target, TimeSpan Window)
{
    /// <summary>When people are told; none for the usual ones.</summary>
    public IReadOnlyList<BurnCondition> Conditions { get; init; } = [];
}

/// <summary>How good and bad are counted.</summary>
/// <param name="Kind">Which of them are there.</param>
/// <param name="Part">What is good or bad, or the ratio itself.</param>
/// <param name="Total">All; null where there is a ratio.</param>
/// <param name="IsCounter">They only rise.</param>
public sealed record Indicator(IndicatorKind Kind, string Part, string? Total, bool IsCounter);

/// <summary>What an indicator says.</summary>
public enum IndicatorKind
{
    Good,
    Bad,

    /// <summary>The part that is good, as a number from 0 to 1.</summary>
    Success,

    /// <summary>The part that is bad.</summary>
    Failure,
}

/// <summary>People are told while a budget is used up so many times too fast.</summary>
/// <param name="Threshold">1 for just as fast as it may.</param>
/// <param name="Window">Over which that is measured.</param>
/// <param name="After">How long it must be so.</param>
public sealed record BurnCondition(string Name, string Severity, double Threshold, TimeSpan Window, TimeSpan After);

/// <summary>What did not come along, or came along otherwise.</summary>
/// <param name="Where">Which object.</param>
/// <param name="Note">Why.</param>
public sealed record ObjectiveNote(string Where, string What, string Note);
