using System.Globalization;
using System.IO.Compression;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Web;

namespace Fairlead.Drivers.Builds.Web;

/// <summary>Looks at what a build of a site made, before it becomes an artifact.</summary>
internal sealed class SiteCheck(string folder, string service, WebSettings settings)
{
    private const int PagesMax = 2_000;
    private const int PageBytesMax = 2 * 1024 * 1024;
    private const int WarningsMax = 50;
    private const int NamedMax = 3;

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
    };

    private readonly List<SiteOutput> files =
    [
        .. new DirectoryInfo(folder)
            .EnumerateFiles("*", Everything)
            .Where(file => file.Exists)
            .Select(file => new SiteOutput(
                "/" + Path.GetRelativePath(folder, file.FullName),
                file.FullName,
                file.Length
            ))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    /// <summary>What should be mended although the site can be served.</summary>
    public IReadOnlyList<Problem> Warnings()
    {
        var rules = SiteRules.Read(ReadRules);
        IEnumerable<Problem> all = [.. rules.Findings, .. NoStart(), .. Secrets(), .. Maps(), .. Missing(rules)];
        return [.. all.Take(WarningsMax)];
    }

    /// <summary>What is larger than the manifest allows.</summary>
    public IReadOnlyList<Problem> OverBudget()
    {
        if (settings.Budget is not { } budget)
        {
            return [];
        }
        var pages = files
            .Where(file => file.Is(".html", ".htm"))
            .Select(file => (file.Path, Sent: Sent(file)))
            .ToList();
        var largest = pages.MaxBy(page => page.Sent);
        return
        [
            .. Over("total", budget.Total, files.Sum(file => file.Bytes), Largest(files)),
            .. Over("js", budget.Js, Sum(".js", ".mjs", ".cjs"), Largest(Of(".js", ".mjs", ".cjs"))),
            .. Over("css", budget.Css, Sum(".css"), Largest(Of(".css"))),
            .. Over("image", budget.Image, Images().Sum(file => file.Bytes), Largest(Images())),
            .. Over("html", budget.Html, largest.Sent, largest.Path ?? ""),
        ];
    }

    private IEnumerable<SiteOutput> Of(params IReadOnlyList<string> endings) => files.Where(file => file.Is(endings));

    private IEnumerable<SiteOutput> Images() =>
        Of(".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".jxl");

    private long Sum(params IReadOnlyList<string> endings) => Of(endings).Sum(Sent);

    // As a browser gets it, at the level that servers compress with.
    private static long Sent(SiteOutput file)
    {
        using var to = new CountingStream();
        using (var from = File.OpenRead(file.FullPath))
        using (var gzip = new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true))
        {
            from.CopyTo(gzip);
        }
        return to.Count;
    }

    private IEnumerable<Problem> Over(string key, long? limit, long size, string largest)
    {
        if (limit is { } most && size > most)
        {
            yield return new Problem(
                "build.over-budget",
                What: $"The build of {service} is larger than its budget for {key}.",
                Why: string.Create(
                    CultureInfo.InvariantCulture,
                    $"It has {Text(size)}, the budget is {Text(most)}. Largest: {largest}."
                ),
                Fix: $"Make it smaller, or set services.{service}.web.budget.{key} in fairlead.yaml to what it may have."
            );
        }
    }

    private IEnumerable<Problem> NoStart() =>
        files.Any(file => file.Path == "/index.html")
            ? []
            :
            [
                Warning(
                    "/",
                    $"{service} has no /index.html, so its first page is missing.",
                    $"The build's output has {files.Count} files, and none of that name at its top.",
                    $"Set services.{service}.output in fairlead.yaml to the folder that holds index.html."
                ),
            ];

    private IEnumerable<Problem> Secrets() =>
        files
            .Where(file => IsSecret(Path.GetFileName(file.Path)))
            .Select(file =>
                Warning(
                    file.Path,
                    $"{file.Path} of {service} looks like a secret.",
                    "What is in a site's output is for everybody to read"
                        + (
                            Path.GetFileName(file.Path).StartsWith('.')
                                ? "; this one is not shown, because its name begins with a dot."
                                : "."
                        ),
                    $"Keep it out of the output: add {Path.GetFileName(file.Path)} to .fairleadignore"
                )
            );

    private IEnumerable<Problem> Maps()
    {
        var maps = Of(".map").ToList();
        return maps.Count == 0 || settings.SourceMaps == SourceMaps.Keep
            ? []
            :
            [
                Warning(
                    maps[0].Path,
                    $"{service} ships source maps, which are not shown.",
                    $"{maps.Count} files, such as {maps[0].Path}, would let everybody read the source.",
                    $"Build without them, or set: services.{service}.web.sourceMaps: keep"
                ),
            ];
    }

    private IEnumerable<Problem> Missing(SiteRules rules)
    {
        var known = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var asked = Of(".html", ".htm")
            .Where(page => page.Bytes <= PageBytesMax)
            .Take(PagesMax)
            .SelectMany(page =>
                HtmlReferences.Of(page.Path, File.ReadAllText(page.FullPath)).Select(path => (path, Page: page.Path))
            );
        return asked
            // A path without an ending may be a route of a program beside the site.
            .Where(one => Path.HasExtension(one.path) && !known.Contains(one.path) && !IsRuled(rules, one.path))
            .GroupBy(one => one.path, one => one.Page, StringComparer.Ordinal)
            .Select(group =>
                Warning(
                    group.First(),
                    $"{group.Key} is missing from {service}.",
                    $"Asked for by {string.Join(", ", group.Take(NamedMax))}{(group.Skip(NamedMax).Any() ? " and others" : "")}.",
                    $"Let the build write {group.Key[1..]}, or mend the address in {group.First()[1..]}"
                )
            );
    }

    private static bool IsRuled(SiteRules rules, string path) =>
        rules.Forced.Find(new Bare(path)) is not null || rules.Others.Find(new Bare(path)) is not null;

    private string? ReadRules(string name) =>
        files.FirstOrDefault(file => file.Path == "/" + name) is { Bytes: <= SiteRules.FileBytesMax } file
            ? File.ReadAllText(file.FullPath)
            : null;

    private static string Largest(IEnumerable<SiteOutput> some) =>
        string.Join(
            ", ",
            some.OrderByDescending(file => file.Bytes)
                .Take(NamedMax)
                .Select(file => $"{file.Path} ({Text(file.Bytes)})")
        );

    private static Problem Warning(string where, string what, string why, string fix) =>
        new("build.site-warning", what, why, fix) { Where = where };

    private static bool IsSecret(string name) =>
        name is ".env" or ".npmrc" or ".netrc" or ".htpasswd" or "id_rsa" or "id_ed25519" or "credentials.json"
        || name.StartsWith(".env.", StringComparison.Ordinal)
        || name.EndsWith(".pem", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".key", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".p12", StringComparison.OrdinalIgnoreCase)
        || name.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase);

    private static string Text(long bytes) =>
        bytes >= 1_000_000
            ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.##} MB")
            : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.##} kB");

    /// <summary>A request that has nothing but its path.</summary>
    private sealed record Bare(string Path) : IAsked
    {
        public string Host => "";

        public string? Header(string name) => null;

        public string? Cookie(string name) => null;

        public string? Query(string name) => null;
    }
}

/// <param name="Path">From the output's top, such as <c>/docs/a.html</c>.</param>
internal sealed record SiteOutput(string Path, string FullPath, long Bytes)
{
    public bool Is(params IReadOnlyList<string> endings) =>
        endings.Any(ending => Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
