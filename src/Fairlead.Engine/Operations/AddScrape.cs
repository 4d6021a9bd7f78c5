using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Names something outside of Fairlead whose numbers are to be collected: an exporter, a database, a broker.</summary>
public static class AddScrape
{
    private const int NameLettersMax = 100;
    private const int TargetsMax = 1_000;
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    public sealed record Input
    {
        [Description(
            "Where to ask, such as http://127.0.0.1:9100/metrics or postgres://user:${PGPASSWORD}@127.0.0.1/shop."
        )]
        [Positional]
        public required string Url { get; init; }

        [Description(
            "Its name, the label 'job'; one that is known is replaced. The address's host and port when left out."
        )]
        public string? Name { get; init; }

        [Description("How often, such as 15s, at least 1s; 15s when left out.")]
        public string? Every { get; init; }
    }

    /// <param name="Samples">How many numbers it shows now.</param>
    public sealed record Output(string Name, string Url, string Every, int Samples);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "scrape.add",
            "Collect the metrics of an exporter, a database or a broker.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead scrape add http://127.0.0.1:9100/metrics --name node",
                "fairlead scrape add 'postgres://watcher:${PGPASSWORD}@127.0.0.1/shop' --every 30s",
            ],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var collecting = engine.Server.Collecting;
        var saved = Read(input);
        var known = await collecting.Targets.SavedAsync(stop);
        if (known.Count >= TargetsMax && known.All(one => one.Name != saved.Name))
        {
            throw new ProblemException(
                Wrong(
                    "full",
                    "No more targets can be named.",
                    $"There are {TargetsMax}.",
                    "fairlead scrape remove NAME"
                )
            );
        }
        // Asked once before it is kept: a wrong address is told to whoever typed it, not to a log.
        var page = await collecting.Scrapes.ScrapeAsync(TargetSearch.Of(saved), stop);
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Writes = [new Write(SavedTarget.Collection, saved.Name, Records.Body(saved))],
            },
            stop
        );
        collecting.Scraper?.Ring();
        return new(saved.Name, Shown(saved.Url), saved.Every.Text, page.Samples.Count);
    }

    /// <summary>An address without the password that somebody may have typed into it.</summary>
    internal static string Shown(string url)
    {
        var begin = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var place = TargetSearch.InstanceOf(url);
        var at = url.IndexOf("@" + place, StringComparison.Ordinal);
        return at < begin || url[begin..at].Contains("${", StringComparison.Ordinal)
            ? url
            : $"{url[..begin]}***{url[at..]}";
    }

    private static SavedTarget Read(Input input)
    {
        var every = input.Every is null ? Usual : Units.TryParseDuration(input.Every);
        var name = (input.Name ?? TargetSearch.InstanceOf(input.Url)).Trim();
        Problem?[] problems =
        [
            every >= TimeSpan.FromSeconds(1)
                ? null
                : Wrong(
                    "every",
                    $"'{input.Every}' cannot be the time between two scrapes.",
                    "It takes a time such as 15s or 1m, at least 1s.",
                    "Write for example: --every 15s"
                ),
            name.Length is > 0 and <= NameLettersMax && !name.Any(char.IsControl)
                ? null
                : Wrong(
                    "name",
                    "The target has no good name.",
                    $"A name has 1 to {NameLettersMax} letters on one line.",
                    "Write for example: --name node"
                ),
        ];
        Problem[] found = [.. problems.OfType<Problem>()];
        return found.Length == 0 ? new(name, input.Url, every!.Value) : throw new ProblemException(found);
    }

    private static Problem Wrong(string code, string what, string why, string fix) =>
        new($"scrape.{code}", what, why, fix) { Trouble = Trouble.WrongUse };
}
