using System.Globalization;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Reads moments and days as people type them.</summary>
internal static class InputTimes
{
    /// <summary>Such as <c>2026-11-28T18:00Z</c>; UTC where no zone is said.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static DateTimeOffset? Moment(string? text, string option) =>
        text is null ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read)
            ? read
        : throw Wrong(text, option, "a moment", "2026-11-28T18:00Z");

    /// <summary>Such as <c>2026-11-28</c>.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static DateOnly? Day(string? text, string option) =>
        text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read)
            ? read
        : throw Wrong(text, option, "a day of the calendar", "2026-11-28");

    private static ProblemException Wrong(string text, string option, string what, string example) =>
        new(
            new Problem(
                "input.no-time",
                What: $"--{option} '{text}' cannot be read.",
                Why: $"It is not {what}.",
                Fix: $"Write for example: --{option} {example}"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
