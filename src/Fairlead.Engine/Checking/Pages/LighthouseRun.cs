using System.Globalization;
using System.Text.Json;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Checking.Pages;

/// <summary>Runs Lighthouse several times over a page, and takes the median: one run alone says as much of the machine as of the page.</summary>
internal sealed class LighthouseRun(IFileTree tree, ITaskRunner runner, World world)
{
    /// <summary>Where npm puts it, from the folder.</summary>
    public const string Program = "node_modules/.bin/lighthouse";

    private const string Made = "reports/lighthouse";
    private const int LinesMax = 20;
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(3);

    /// <summary>What it says of a page, from 0 to 100, by category, in each run.</summary>
    /// <exception cref="ProblemException">It is not there, or it failed.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<double>>> OfAsync(
        PageView view,
        int runs,
        IReadOnlyDictionary<string, string> env,
        CancellationToken stop
    )
    {
        if (!tree.FileExists(Program))
        {
            throw new ProblemException(Missing());
        }
        var all = new SortedDictionary<string, List<double>>(StringComparer.Ordinal);
        for (var run = 1; run <= runs; run++)
        {
            var file = $"{Made}/{view.Name}.{run.ToString(CultureInfo.InvariantCulture)}.json";
            foreach (var (category, score) in await OnceAsync(view, file, env, stop))
            {
                (all.TryGetValue(category, out var scores) ? scores : all[category] = []).Add(score);
            }
        }
        return all.ToDictionary(static one => one.Key, static one => (IReadOnlyList<double>)one.Value);
    }

    /// <summary>The middle one; of two the lower.</summary>
    public static double Median(IReadOnlyList<double> scores) => scores.Order().ElementAt((scores.Count - 1) / 2);

    private async Task<List<(string Category, double Score)>> OnceAsync(
        PageView view,
        string file,
        IReadOnlyDictionary<string, string> env,
        CancellationToken stop
    )
    {
        var said = new Queue<string>();
        IReadOnlyList<string> words =
        [
            Program,
            view.Url.AbsoluteUri,
            "--quiet",
            "--output=json",
            $"--output-path={Path.Combine(tree.Root, file)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
            .. view.Width >= 1_000 ? ["--preset=desktop"] : Array.Empty<string>(),
        ];
        var end = await runner.RunAsync(
            new($"lighthouse-{world.NewId()}", words, tree.Root, env, RunMax, Log: null),
            line =>
            {
                lock (said)
                {
                    said.Enqueue(line);
                    _ = said.Count > LinesMax ? said.Dequeue() : null;
                }
            },
            stop
        );
        if (end.ExitCode != 0 || tree.ReadBytes(file) is not { } bytes)
        {
            throw new ProblemException(Failed(view, end, [.. said]));
        }
        using var document = JsonDocument.Parse(bytes);
        if (document.RootElement.TryGetProperty("runtimeError", out var error))
        {
            throw new ProblemException(Failed(view, end, [error.ToString()]));
        }
        return
        [
            .. document
                .RootElement.GetProperty("categories")
                .EnumerateObject()
                .Where(static one => one.Value.GetProperty("score").ValueKind == JsonValueKind.Number)
                .Select(static one => (one.Name, Math.Round(one.Value.GetProperty("score").GetDouble() * 100, 1))),
        ];
    }

    private Problem Missing() =>
        new(
            "check.no-lighthouse",
            What: "Lighthouse is not here.",
            Why: $"There is no {Program} in {tree.Root}.",
            Fix: "npm install --save-dev lighthouse"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem Failed(PageView view, TaskEnd end, IReadOnlyList<string> said) =>
        new(
            "check.lighthouse-failed",
            What: $"Lighthouse could not look at {view}.",
            Why: end.ExitCode is { } code
                ? $"It ended with exit code {code}."
                : $"It was not done after {RunMax.TotalMinutes:0} minutes.",
            Fix: "See that the page loads, and that a Chromium is installed: apt-get install chromium. Another one is named by CHROME_PATH."
        )
        {
            Evidence = said,
        };
}
