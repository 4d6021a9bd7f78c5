using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Judging;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Judges a deployment's evidence again, by the rules it had or by others: nothing is changed, and nothing is asked of the world.</summary>
public static class JudgeAgain
{
    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Id of a deployment; the latest when left out.")]
        public string? Deployment { get; init; }

        [Description("sequential or kayenta; as it was judged when left out.")]
        public string? Kind { get; init; }

        [Description("False alarms over the whole rollout, such as 5%; as it was judged when left out.")]
        public string? FalseAlarms { get; init; }

        [Description(
            "The smallest rise of errors that matters, in points, such as +1; as it was judged when left out."
        )]
        public string? Errors { get; init; }

        [Description("The smallest rise of latency that matters, such as +20%; as it was judged when left out.")]
        public string? Latency { get; init; }

        [Description("How long the beginning is not judged, such as 30s; as it was judged when left out.")]
        public string? WarmUp { get; init; }
    }

    /// <param name="Rules">What it was judged by now.</param>
    /// <param name="Seconds">After so long it was decided, or all the evidence ended.</param>
    /// <param name="Blocks">So many blocks of evidence there are.</param>
    /// <param name="Measures">What was compared.</param>
    public sealed record Retrial(
        string Part,
        string Baseline,
        string Rules,
        Ruling Ruling,
        string Reason,
        int Seconds,
        int Blocks,
        IReadOnlyList<Measure> Measures
    );

    /// <param name="Id">The deployment.</param>
    public sealed record Output(string Id, IReadOnlyList<Retrial> Services);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "judge",
            "Judge a deployment's evidence again, by the same rules or by others.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead judge shop", "fairlead judge shop --false-alarms 5% --latency +20%"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var deployment = input.Deployment is { } id
            ? await Sites.DeploymentAsync(server, id, stop)
            : await Explain.LatestAsync(server, input.App, input.Environment, stop);
        var judged = deployment
            .Steps.OfType<Step.Watch>()
            .SelectMany(watch => watch.Gates.OfType<Gate.Judged>().Select(gate => (watch.Part, gate.Rules)))
            .DistinctBy(one => one.Part)
            .ToList();
        var services = new List<Retrial>();
        foreach (var (part, rules) in judged)
        {
            var key = EvidencePages.KeyOf(deployment.Site, deployment.Id, part.Service);
            if (EvidencePages.Read(await server.Store.ListAsync(Records.Evidence, $"{key}/", stop)) is { } evidence)
            {
                services.Add(Judged(evidence, Changed(rules, input), Trial.Among(deployment.Steps)));
            }
        }
        return services.Count > 0 ? new(deployment.Id, services) : throw new ProblemException(NoEvidence(deployment));
    }

    private static Retrial Judged(Evidence evidence, JudgeRules rules, int among)
    {
        var (judgement, until) = Judge.Replay(evidence, rules, among);
        return new(
            evidence.Canary.ToString(),
            evidence.Baseline.ToString(),
            $"{rules}, {rules.FalseAlarms} false alarms",
            judgement.Ruling,
            judgement.Reason,
            (int)(until - evidence.Began).TotalSeconds,
            evidence.Blocks.Count,
            judgement.Measures
        );
    }

    private static JudgeRules Changed(JudgeRules rules, Input input) =>
        rules with
        {
            Kind = input.Kind switch
            {
                null => rules.Kind,
                "sequential" => JudgeKind.Sequential,
                "kayenta" => JudgeKind.Kayenta,
                _ => throw Wrong("--kind", input.Kind, "sequential or kayenta"),
            },
            FalseAlarms = Read(input.FalseAlarms, Percent.TryParse, rules.FalseAlarms, "--false-alarms", "5%"),
            Errors = Read(input.Errors, Points.TryParse, rules.Errors, "--errors", "+1"),
            Latency = Read(input.Latency, Percent.TryParse, rules.Latency, "--latency", "+20%"),
            WarmUp = Read(input.WarmUp, Units.TryParseDuration, rules.WarmUp, "--warm-up", "30s"),
        };

    private static T Read<T>(string? text, Func<string, T?> parse, T otherwise, string option, string example)
        where T : struct =>
        text is null ? otherwise : parse(text) ?? throw Wrong(option, text, $"a value such as {example}");

    private static ProblemException Wrong(string option, string text, string expected) =>
        new(
            new Problem(
                "input.wrong-rule",
                What: $"{option} cannot be read: {text}",
                Why: $"It takes {expected}.",
                Fix: "Write for example: fairlead judge shop --false-alarms 5% --errors +1"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );

    private static Problem NoEvidence(Deployment deployment) =>
        new(
            "judge.no-evidence",
            What: $"{deployment} was not judged.",
            Why: "Nothing was compared with the release before: it was the first, its strategy compares nothing, or it ended sooner.",
            Fix: $"See how it went: fairlead explain {deployment.Site.App} --deployment {deployment.Id}"
        )
        {
            Trouble = Trouble.NotFound,
        };
}
