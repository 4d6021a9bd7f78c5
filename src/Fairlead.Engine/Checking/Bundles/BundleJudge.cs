using System.Globalization;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Web;

namespace Fairlead.Engine.Checking.Bundles;

/// <summary>A budget and what it comes to.</summary>
/// <param name="Bytes">Of all its files together, packed as the budget says.</param>
internal sealed record BudgetUse(
    BundleBudgetEntry Budget,
    string Name,
    long Bytes,
    IReadOnlyList<(string Path, long Bytes)> Files,
    IReadOnlyList<string> Unknown
);

/// <summary>Adds up what a build made, and judges it by budgets and by what it was before.</summary>
internal static class BundleJudge
{
    private const int ShownMax = 3;

    /// <summary>What a site has that says nothing: scripts and styles of a page that a slow phone loads in about three seconds.</summary>
    public static IReadOnlyList<BundleBudgetEntry> Usual { get; } =
    [
        new()
        {
            Name = "scripts and styles",
            Files = ["**/*.js", "**/*.mjs", "**/*.css"],
            Max = ByteSize.TryParse("500kB"),
            As = Packing.Raw,
        },
    ];

    public static BudgetUse Use(BundleFiles bundle, BundleBudgetEntry budget)
    {
        var packing = budget.As ?? Packing.Gzip;
        var wanted = new FileGlobs(budget.Files ?? ["**"]);
        IEnumerable<string> paths = budget.Page is { } page ? OfPage(bundle, page.TrimStart('/')) : bundle.Paths;
        var (files, unknown) = (new List<(string, long)>(), new List<string>());
        foreach (var path in paths.Where(wanted.Fits))
        {
            if (bundle.Size(path, packing) is { } size)
            {
                files.Add((path, size));
            }
            else
            {
                unknown.Add(path);
            }
        }
        return new(
            budget,
            NameOf(budget),
            files.Sum(static one => one.Item2),
            [.. files.OrderByDescending(static one => one.Item2)],
            unknown
        );
    }

    /// <param name="before">What it came to in the base; null where there is none.</param>
    public static IEnumerable<CheckFinding> Judge(BudgetUse use, long? before)
    {
        foreach (var path in use.Unknown)
        {
            yield return Finding(
                "size-unknown",
                use.Name,
                $"{path} is larger than 32 MiB or cannot be read.",
                "What cannot be measured keeps no budget.",
                path
            );
        }
        if (use.Files.Count == 0 && use.Unknown.Count == 0)
        {
            yield return Finding(
                "budget-empty",
                use.Name,
                "The budget fits no file.",
                "It would hold whatever is built.",
                null
            );
        }
        if (use.Budget is { Each: true, Max: { Bytes: var each } })
        {
            foreach (var (path, bytes) in use.Files.Where(one => one.Bytes > each))
            {
                yield return Finding(
                    "over-budget",
                    use.Name,
                    $"{path} has {Text(bytes)}.",
                    $"Each may have {Text(each)} at most.",
                    path
                );
            }
        }
        else if (use.Budget.Max is { Bytes: var most } && use.Bytes > most)
        {
            yield return Finding(
                "over-budget",
                use.Name,
                $"It comes to {Text(use.Bytes)}, {Text(use.Bytes - most)} too much.",
                $"At most it is {Text(most)}. The largest: {Largest(use)}.",
                use.Files[0].Path
            );
        }
        if (before is { } was && use.Budget.Growth is { } growth && use.Bytes > was * (1 + (growth.Value / 100)))
        {
            yield return Finding(
                "grown",
                use.Name,
                $"It was {Text(was)} and is {Text(use.Bytes)}.",
                $"It may grow by {growth} at most. The largest: {Largest(use)}.",
                use.Files.Select(static one => one.Path).FirstOrDefault()
            );
        }
    }

    public static string Text(long bytes) =>
        bytes < 1_000
            ? $"{bytes.ToString(CultureInfo.InvariantCulture)} B"
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000.0:0.0} kB");

    private static string NameOf(BundleBudgetEntry budget) =>
        budget.Name ?? budget.Page ?? string.Join(' ', budget.Files ?? ["**"]);

    /// <summary>A page and what it asks for; what its scripts ask for later is no part of it.</summary>
    private static IEnumerable<string> OfPage(BundleFiles bundle, string page)
    {
        var file =
            bundle.Paths.FirstOrDefault(one => one == page)
            ?? bundle.Paths.FirstOrDefault(one => one == $"{page.TrimEnd('/')}/index.html".TrimStart('/'))
            ?? bundle.Paths.FirstOrDefault(one => one == $"{page}.html");
        if (file is null)
        {
            return [];
        }
        var known = bundle.Paths.ToHashSet(StringComparer.Ordinal);
        var asked = HtmlReferences.Of($"/{file}", bundle.Text(file) ?? "").Select(static one => one.TrimStart('/'));
        // Links to other pages are not loaded with it.
        return
        [
            file,
            .. asked.Where(one =>
                known.Contains(one) && !one.EndsWith(".html", StringComparison.OrdinalIgnoreCase) && one != file
            ),
        ];
    }

    private static string Largest(BudgetUse use) =>
        string.Join(", ", use.Files.Take(ShownMax).Select(static one => $"{one.Path} {Text(one.Bytes)}"));

    private static CheckFinding Finding(string rule, string where, string what, string why, string? file) =>
        new(
            "high",
            rule,
            where,
            what,
            why,
            "Load less: split what not every page needs, drop packages, pack pictures. If it is meant, raise the budget.",
            file
        );
}
