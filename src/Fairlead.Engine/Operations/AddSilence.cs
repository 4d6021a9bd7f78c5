using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Routing;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Tells nobody of some alerts for a time.</summary>
public static class AddSilence
{
    private const int LettersMax = 500;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    public sealed record Input
    {
        [Description("Which alerts, such as alertname=ServiceErrors or service=~\"api|web\"; all must fit.")]
        [Positional]
        public IReadOnlyList<string> Matchers { get; init; } = [];

        [Description("Only this app's alerts.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Only this environment's alerts.")]
        public string? Environment { get; init; }

        [Description("How long, such as 2h; at most a year.")]
        public required string For { get; init; }

        [Description("Why, for those who wonder.")]
        public required string Reason { get; init; }

        [Description("When it begins; now when left out.")]
        public string? From { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListSilences.View>(
            "silence.add",
            "Tell nobody of some alerts for a time.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead silence add alertname=DiskFills --for 2h --reason 'We add a disk.'",
                "fairlead silence add severity=ticket --app shop --env staging --for 8h --reason Migration",
            ],
            Needs = Need.OfNamed(Permission.Operate),
        };

    private static async Task<ListSilences.View> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var matchers = Read(input);
        var (now, reason) = (engine.World.Now, input.Reason.Trim());
        if (reason.Length is 0 or > LettersMax || reason.Any(char.IsControl))
        {
            throw Wrong("Nobody would know why.", $"The reason has 1 to {LettersMax} letters on one line.");
        }
        if (Units.TryParseDuration(input.For) is not { } lasts || lasts <= TimeSpan.Zero || lasts > Longest)
        {
            throw Wrong(
                $"--for '{input.For}' cannot be used.",
                "A silence lasts longer than nothing and at most a year, such as 30m, 2h or 7d."
            );
        }
        var from = InputTimes.Moment(input.From, "from") is { } said && said > now ? said : now;
        var silence = new Silence(engine.World.NewId()[..8], matchers, from, from + lasts, $"{engine.Caller}", reason);
        await engine.Server.Response.Routing.SilenceAsync(silence, now, stop);
        return ListSilences.Of(silence, now);
    }

    private static List<Matcher> Read(Input input)
    {
        var matchers = new List<Matcher>();
        foreach (var text in input.Matchers)
        {
            matchers.AddRange(
                Matching.TryRead(text, out var fault)
                    ?? throw Wrong("A matcher cannot be read.", $"Of the matchers, {fault}.")
            );
        }
        if (input.App is { } app)
        {
            matchers.Add(new(MatchKind.Equal, Source.AppLabel, app));
        }
        if (input.Environment is { } environment)
        {
            matchers.Add(new(MatchKind.Equal, Source.EnvironmentLabel, environment));
        }
        return matchers.Count > 0
            ? matchers
            : throw Wrong("It would silence everything.", "It names no app, no environment and no label.");
    }

    private static ProblemException Wrong(string what, string why) =>
        new(
            new Problem(
                "silence.wrong",
                what,
                why,
                Fix: "Write for example: fairlead silence add alertname=ReplicaRestarts --app shop --for 2h --reason 'load test'"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
