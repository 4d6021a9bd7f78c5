using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Vitals;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>How fast an app is where its users are: Core Web Vitals by release, route and device.</summary>
public static class ShowVitals
{
    private const int LinesMax = 50;

    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Only this release.")]
        [Names("release")]
        public int? Release { get; init; }

        [Description("How far to look back, such as 1h or 7d; 24h when left out.")]
        public string? Since { get; init; }

        [Description("release, route or device: what there is a line for; release when left out.")]
        public string? By { get; init; }
    }

    public sealed record Output(string App, IReadOnlyList<View> Vitals);

    /// <param name="Lcp">Milliseconds that three of four views stay below, and whether that is good, fair or poor.</param>
    public sealed record View(
        string Of,
        long Views,
        string? Lcp,
        string? Inp,
        string? Cls,
        string? Ttfb,
        string? Fcp,
        long Errors
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "vital.show",
            "Show how fast an app is where its users are (Core Web Vitals, p75).",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead vital show shop --by route --since 7d"],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        Func<VitalSummary, string> of = input.By switch
        {
            null or "release" => one => one.Release == 0 ? "release unknown" : $"release {one.Release}",
            "route" => one => one.Route,
            "device" => one => one.Device.ToString().ToLowerInvariant(),
            _ => throw new ProblemException(
                Wrong(
                    $"'{input.By}' is nothing to show vitals by.",
                    "They are known by release, route and device.",
                    "--by route"
                )
            ),
        };
        var back = input.Since is null ? TimeSpan.FromDays(1) : Units.TryParseDuration(input.Since);
        if (!(back > TimeSpan.Zero))
        {
            throw new ProblemException(
                Wrong($"'{input.Since}' is no time.", "It takes a time such as 1h or 7d, at most 365d.", "--since 7d")
            );
        }
        var server = engine.Server;
        var site = (await Sites.FindAsync(server, input.App, input.Environment, stop)).Site;
        var all = await server.Vitals.ReadAsync(site, input.Release, engine.World.Now - back.Value, stop);
        return new(
            site.ToString(),
            [.. all.GroupBy(of).Select(Line).OrderByDescending(one => one.Views).Take(LinesMax)]
        );
    }

    private static View Line(IGrouping<string, VitalSummary> lines)
    {
        var one = VitalNumbers.Sum(lines);
        return new(
            lines.Key,
            one.Views,
            VitalNumbers.Text(one, VitalKind.Lcp),
            VitalNumbers.Text(one, VitalKind.Inp),
            VitalNumbers.Text(one, VitalKind.Cls),
            VitalNumbers.Text(one, VitalKind.Ttfb),
            VitalNumbers.Text(one, VitalKind.Fcp),
            one.Errors
        );
    }

    private static Problem Wrong(string what, string why, string example) =>
        new("vital.question", what, why, $"Write for example: fairlead vital show shop {example}")
        {
            Trouble = Trouble.WrongUse,
        };
}
