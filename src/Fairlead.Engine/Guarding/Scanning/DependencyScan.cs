using Fairlead.Model.Ports;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>Looks for known weaknesses of components in a dated copy of advisories.</summary>
public static class DependencyScan
{
    /// <param name="maxAge">Older advisories say nothing any more.</param>
    public static async Task<ScanPart> RunAsync(
        Inventory inventory,
        IAdvisories advisories,
        DateTimeOffset now,
        TimeSpan maxAge,
        CancellationToken stop
    )
    {
        var status = await advisories.StatusAsync(stop);
        var packages = inventory
            .Components.SelectMany(static one =>
                (IEnumerable<(Ecosystem, string)>)
                    [(one.Ecosystem, Matching.NameOf(one.Ecosystem, one.SourceName ?? one.Name))]
            )
            .ToHashSet();
        var about = packages.Count == 0 ? [] : await advisories.AboutAsync(packages, stop);
        return Judge(inventory, status, about, now, maxAge);
    }

    /// <summary>The same without asking anybody. Pure.</summary>
    public static ScanPart Judge(
        Inventory inventory,
        AdvisoryStatus status,
        IReadOnlyList<Advisory> about,
        DateTimeOffset now,
        TimeSpan maxAge
    )
    {
        List<string> unknown = [.. inventory.Unread, .. Doubts(inventory, status, now, maxAge)];
        var byName = about
            .SelectMany(one => one.Affected.Select(affected => (Key(affected.Ecosystem, affected.Name), Advisory: one)))
            .Distinct()
            .ToLookup(static one => one.Item1, static one => one.Advisory);
        var findings = new List<Finding>();
        foreach (var component in inventory.Components)
        {
            foreach (var advisory in byName[Key(component.Ecosystem, component.SourceName ?? component.Name)])
            {
                switch (Matching.Of(advisory, component))
                {
                    case { IsSure: true } match:
                        findings.Add(Of(advisory, component, match));
                        break;
                    case { IsSure: false }:
                        unknown.Add($"{component} cannot be compared with the versions that {advisory.Id} names.");
                        break;
                    default:
                        break;
                }
            }
        }
        return new(ScanKind.Dependencies, Ordered(findings), unknown, inventory.Components.Count);
    }

    internal static IReadOnlyList<Finding> Ordered(IEnumerable<Finding> findings) =>
        [
            .. findings
                .OrderByDescending(static one => one.Severity)
                .ThenBy(static one => one.Where, StringComparer.Ordinal)
                .ThenBy(static one => one.Rule, StringComparer.Ordinal),
        ];

    private static (Ecosystem, string) Key(Ecosystem ecosystem, string name) =>
        (ecosystem, Matching.NameOf(ecosystem, name));

    private static IEnumerable<string> Doubts(
        Inventory inventory,
        AdvisoryStatus status,
        DateTimeOffset now,
        TimeSpan maxAge
    )
    {
        if (inventory.Components.Count == 0)
        {
            yield break;
        }
        if (status.Date is not { } date)
        {
            yield return "There are no advisories here, so nothing is known of the packages' weaknesses. Bring a copy: fairlead advisory import FOLDER";
            yield break;
        }
        if (now - date > maxAge)
        {
            yield return $"The advisories are {(now - date).Days} days old, of {date:yyyy-MM-dd}; at most {maxAge.TotalDays:0.##} are good. Bring newer ones: fairlead advisory import FOLDER";
        }
        if (date > now + TimeSpan.FromDays(1))
        {
            yield return $"The advisories say that they are of {date:yyyy-MM-dd}, which is not yet.";
        }
        foreach (var ecosystem in inventory.Components.Select(static one => one.Ecosystem).Distinct().Order())
        {
            if (status.Counts.GetValueOrDefault(ecosystem) == 0)
            {
                yield return $"The advisories have none of {ecosystem}, so nothing is known of its packages.";
            }
        }
        foreach (var unread in status.Unread)
        {
            yield return unread;
        }
    }

    private static Finding Of(Advisory advisory, Component component, Matching.Match match) =>
        new(
            ScanKind.Dependencies,
            advisory.Id,
            advisory.IsMalicious ? Severity.Critical : advisory.Severity,
            component.Line > 0 ? $"{component.File}:{component.Line}" : component.File,
            $"{component.Name} {component.Version} has a known weakness: {Cut(advisory.Summary)}",
            advisory.IsMalicious ? "This package was made to do harm."
                : advisory.IsRated
                    ? $"{advisory.Id}{Cve(advisory)} calls it {advisory.Severity.ToString().ToLowerInvariant()}."
                : $"{advisory.Id}{Cve(advisory)} does not say how bad it is, so it counts as high.",
            match.FixedIn is { } mended
                ? $"Update {component.Name} to {mended} or later."
                : $"No fixed version is known. Replace {component.Name}, or waive {advisory.Id} until a day."
        )
        {
            Aliases = advisory.Aliases,
            Component = component.Purl,
            FixedIn = match.FixedIn,
            Published = advisory.Published,
            IsMalicious = advisory.IsMalicious,
        };

    private static string Cve(Advisory advisory) =>
        advisory.Aliases.FirstOrDefault(static one => one.StartsWith("CVE-", StringComparison.Ordinal)) is { } cve
            ? $" ({cve})"
            : "";

    private static string Cut(string text)
    {
        const int LettersMax = 160;
        var line = string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter))
            .Trim()
            .TrimEnd('.');
        return (
                line.Length == 0 ? "no summary"
                : line.Length <= LettersMax ? line
                : line[..LettersMax] + "..."
            ) + ".";
    }
}
