using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Pages;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Compares how pages look with how somebody approved them to look.</summary>
public static class CheckVisual
{
    private const string Check = "visual";
    private const string All = "all";

    /// <summary>Where the last run's pictures and its report are, from the folder.</summary>
    private const string Made = "reports/visual";

    /// <summary>Which pages it looked at; pictures of others are older.</summary>
    private const string Names = $"{Made}/pages.txt";

    /// <summary>How far two colours may be apart before somebody sees it, from 0 to 1.</summary>
    private const double Threshold = 0.1;

    public sealed record Input : PageCheckInput
    {
        [Description(
            "Approve what these looked like in the last run, such as home-390x844, or all; nothing is looked at then."
        )]
        public IReadOnlyList<string>? Approve { get; init; }
    }

    /// <param name="Report">The page with all pictures, for people; null when nothing was looked at.</param>
    /// <param name="Approved">Pictures that were approved now.</param>
    public sealed record Output(
        string Verdict,
        int Pages,
        IReadOnlyList<CheckFinding> Findings,
        string? Report,
        IReadOnlyList<string> Approved,
        IReadOnlyList<Problem> Problems
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "check.visual",
            "Compare how pages look with how somebody approved them to look.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead check visual http://127.0.0.1:8080/",
                "fairlead check visual --approve home-390x844",
                "fairlead check visual --approve all",
            ],
            FailsByProblems = true,
            Needs = Need.OfAll(Permission.Operate),
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var tree = engine.OpenFolder(input.Folder);
        var ports = engine.OpenChecks(input.Folder);
        if (input.Approve is { Count: > 0 } names)
        {
            var folder = ChecksReader.Read(tree).Site?.Pictures ?? Check;
            return new("approved", 0, [], null, Approve(tree, ports.Files, folder, names), []);
        }
        var (settings, site, views) = PageChecks.Of(engine, input, Check);
        var looks = new List<Look>();
        await using var browser = await ports.Browsers.OpenAsync(stop);
        foreach (var view in views)
        {
            await using var page = await browser.OpenAsync(new(view.Url, view.Width, view.Height, IsStill: true), stop);
            _ = await page.RunAsync(Hide(settings.Masks ?? []), stop);
            var now = await page.PictureAsync(stop);
            looks.Add(Compare(view, now, (tree, settings), ports.Files));
        }
        var findings = looks.Where(static one => one.State != "same").Select(Finding).ToList();
        ports.Files.Write(Names, Encoding.UTF8.GetBytes(string.Join('\n', looks.Select(static one => one.View.Name))));
        var html = ports.Files.Write($"{Made}/index.html", Encoding.UTF8.GetBytes(VisualReport.Html(site, looks)));
        var (open, _) = Allowances.Take(findings, settings.Allow ?? [], PageChecks.Today(engine), "high");
        if (input.Report is { } report)
        {
            ports.Files.Write(report, CheckReport.Of(report, Check, open, static _ => true));
        }
        return new(
            open.Count == 0 ? "passed" : "failed",
            looks.Count,
            open,
            html,
            [],
            PageChecks.Problems(site, "looks different", open)
        );
    }

    private static Look Compare(
        PageView view,
        byte[] now,
        (IFileTree Tree, PagesEntry Settings) known,
        IOutputFiles files
    )
    {
        files.Write($"{Made}/{view.Name}.after.png", now);
        var path = $"{known.Settings.Pictures ?? Check}/{view.Name}.png";
        if (known.Tree.ReadBytes(path) is not { } before)
        {
            return new(view, "new", 100);
        }
        var difference = PictureDiff.Of(Read(before, path), Read(now, view.Name), Threshold);
        if (difference.Pixels == 0 || difference.Share <= (known.Settings.Tolerance?.Value ?? 0))
        {
            return new(view, "same", difference.Share);
        }
        files.Write($"{Made}/{view.Name}.before.png", before);
        files.Write($"{Made}/{view.Name}.difference.png", Png.Write(difference.Shown));
        return new(view, "changed", difference.Share);
    }

    private static Picture Read(byte[] bytes, string name)
    {
        try
        {
            return Png.Read(bytes);
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(
                new Problem(
                    "check.picture",
                    $"The picture {name} cannot be read.",
                    caught.Message,
                    $"Remove it and approve the page anew: fairlead check visual --approve {Path.GetFileNameWithoutExtension(name)}"
                ),
                caught
            );
        }
    }

    private static List<string> Approve(IFileTree tree, IOutputFiles files, string folder, IReadOnlyList<string> names)
    {
        const string Ending = ".after.png";
        List<string> there = [.. (tree.ReadText(Names) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        List<string> wanted = names.Contains(All) ? there : [.. names];
        if (there.Count == 0 || wanted.Find(one => !there.Contains(one)) is not null)
        {
            throw CheckOpenApi.Wrong(
                "check.no-picture",
                there.Count == 0
                    ? "There is nothing to approve."
                    : $"There is no picture {wanted.Find(one => !there.Contains(one))} to approve.",
                there.Count == 0
                    ? $"No pages were looked at: {Made} has no pictures."
                    : $"There are: {string.Join(", ", there)}.",
                "Look at the pages first: fairlead check visual http://127.0.0.1:8080/"
            );
        }
        foreach (var name in wanted)
        {
            if (tree.ReadBytes($"{Made}/{name}{Ending}") is { } bytes)
            {
                files.Write($"{folder}/{name}.png", bytes);
            }
        }
        return wanted;
    }

    // They keep their place, so that nothing moves.
    private static string Hide(IReadOnlyList<string> selectors) =>
        $"{JsonSerializer.Serialize(selectors)}.forEach(one => document.querySelectorAll(one).forEach(part => part.style.setProperty('visibility', 'hidden', 'important')))";

    private static CheckFinding Finding(Look look) =>
        look.State == "new"
            ? new(
                "high",
                "page-new",
                look.View.ToString(),
                "Nobody approved how it looks.",
                $"There is no approved picture {look.View.Name}.",
                $"Look at {Made}/index.html, then: fairlead check visual --approve {look.View.Name}"
            )
            : new(
                "high",
                "page-changed",
                look.View.ToString(),
                string.Create(CultureInfo.InvariantCulture, $"{look.Share:0.###}% of it looks different."),
                "It is not what was approved.",
                $"Look at {Made}/index.html; if it is meant: fairlead check visual --approve {look.View.Name}"
            );
}
