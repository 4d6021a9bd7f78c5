using System.Globalization;
using System.IO.Enumeration;

namespace Fairlead.Engine.Checking;

/// <summary>Takes out of findings what somebody accepted, and tells of what was accepted too long.</summary>
internal static class Allowances
{
    /// <param name="worst">The severity of an allowance that is over.</param>
    /// <param name="place">Where allowances stand, for messages.</param>
    /// <returns>What is left; and what was allowed, as a line each.</returns>
    public static (IReadOnlyList<CheckFinding> Open, IReadOnlyList<string> Allowed) Take(
        IReadOnlyList<CheckFinding> findings,
        IReadOnlyList<AllowanceEntry> entries,
        DateOnly today,
        string worst,
        string place = ChecksFile.Name
    )
    {
        List<CheckFinding> open = [.. entries.Where(one => Until(one) < today).Select(one => Over(one, worst, place))];
        var allowed = new List<string>();
        foreach (var finding in findings)
        {
            if (entries.FirstOrDefault(one => Until(one) >= today && IsFor(one, finding)) is { } entry)
            {
                allowed.Add($"{finding.Rule} {finding.Where} until {entry.Until}: {entry.Reason}");
            }
            else
            {
                open.Add(finding);
            }
        }
        return (open, allowed);
    }

    private static bool IsFor(AllowanceEntry entry, CheckFinding finding) =>
        entry.Rule is "*" || entry.Rule == finding.Rule
            ? entry.Where is not { } where
                || FileSystemName.MatchesSimpleExpression(where, finding.Where, ignoreCase: false)
            : false;

    // The form of the file let only days in.
    private static DateOnly Until(AllowanceEntry entry) =>
        DateOnly.ParseExact(entry.Until, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static CheckFinding Over(AllowanceEntry entry, string worst, string place) =>
        new(
            worst,
            "allowance-over",
            $"{entry.Rule} {entry.Where}".TrimEnd(),
            $"It was allowed until {entry.Until}.",
            $"The reason was: {entry.Reason}",
            $"Mend what it is about and remove the allowance from {place}, or give it a new day with a reason."
        );
}
