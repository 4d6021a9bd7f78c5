using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Scraping;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Asks a database, a broker or an exporter once, from the server, and shows what it says.</summary>
public static class RunProbe
{
    private const int FiguresMax = 500;
    private static readonly TimeSpan AskMax = TimeSpan.FromSeconds(10);

    public sealed record Input
    {
        [Description(
            "What to ask, such as postgres://user:${PGPASSWORD}@127.0.0.1/shop, redis://127.0.0.1 or http://127.0.0.1:9100/metrics."
        )]
        [Positional]
        public required string Url { get; init; }
    }

    /// <param name="Took">From connecting to the last answer.</param>
    public sealed record Output(string Url, string Took, IReadOnlyList<Figure> Figures);

    /// <param name="Name">With its labels, as Prometheus writes it.</param>
    public sealed record Figure(string Name, double? Value, string? About);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "probe.run",
            "Ask a database, a broker or an exporter how it is.",
            // It changes nothing, but whoever may only look must not send the server's variables to an address of their choice.
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead probe run redis://127.0.0.1",
                "fairlead probe run 'postgres://shop:${PGPASSWORD}@127.0.0.1/shop'",
            ],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var began = engine.World.Clock.GetTimestamp();
        var target = new ScrapeTarget("probe", TargetSearch.InstanceOf(input.Url), input.Url) { Timeout = AskMax };
        var page = await engine.Server.Collecting.Scrapes.ScrapeAsync(target, stop);
        var took = engine.World.Clock.GetElapsedTime(began);
        return new(
            AddScrape.Shown(input.Url),
            took.Text,
            [
                .. page
                    .Samples.Take(FiguresMax)
                    .Select(one => new Figure(
                        one.Labels.ToString(),
                        double.IsFinite(one.Value) ? one.Value : null,
                        page.AboutOf(one.Labels.Name)?.Help
                    )),
            ]
        );
    }
}
