using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Model.Alerting;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Raises an alert that no rule of Fairlead knows of: from a script, or from another system.</summary>
public static class SendAlert
{
    private const int LabelsMax = 64;
    private const int NameLettersMax = 200;
    private const int LabelLettersMax = 1_000;
    private const int NoteLettersMax = 10_000;

    public sealed record Input
    {
        [Description("The alert's name, such as BackupFailed.")]
        [Positional]
        [Names("alert")]
        public required string Name { get; init; }

        [Description("More labels, each as name=value; the same labels are the same alert.")]
        public IReadOnlyList<string> Label { get; init; } = [];

        [Description("Whose alert it is; the platform's when left out.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("In which environment.")]
        public string? Environment { get; init; }

        [Description("page for what cannot wait, ticket for what can.")]
        [DefaultValue(Alert.Ticket)]
        public string Severity { get; init; } = Alert.Ticket;

        [Description("What is wrong, in one line.")]
        public string? Summary { get; init; }

        [Description("How long it holds unless it is sent again, at most a day.")]
        [DefaultValue("5m")]
        public string For { get; init; } = "5m";

        [Description("It is over.")]
        public bool Over { get; init; }
    }

    public sealed record Output(string Fingerprint, DateTimeOffset Until);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "alert.send",
            "Raise an alert from a script or another system, or say that it is over.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead alert send BackupFailed --app shop --environment production --severity page --summary 'disk full'",
                "fairlead alert send BackupFailed --app shop --environment production --severity page --over",
            ],
            Needs = Need.OfNamed(Permission.Operate),
            Agents = AgentUse.Freely,
        };

    /// <summary>Takes what another system says; whether it may say so is asked before.</summary>
    /// <exception cref="ProblemException">Something of it cannot be taken: nothing is then.</exception>
    public static Task TakeAsync(
        EngineContext engine,
        IReadOnlyList<SentAlert> sent,
        Principal by,
        CancellationToken stop
    )
    {
        foreach (var one in sent)
        {
            Check(one);
        }
        return engine.Server.Response.Received.TakeAsync(sent, $"{by}", stop);
    }

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        if (
            Units.TryParseDuration(input.For) is not { } lasts
            || lasts <= TimeSpan.Zero
            || lasts > TimeSpan.FromDays(1)
        )
        {
            throw Wrong(
                $"--for '{input.For}' cannot be used.",
                "It is longer than nothing and at most a day, such as 5m."
            );
        }
        List<Label> labels =
        [
            new(Alert.NameLabel, input.Name),
            new(Alert.SeverityLabel, input.Severity),
            new(Source.AppLabel, input.App ?? ""),
            new(Source.EnvironmentLabel, input.Environment ?? ""),
            .. input.Label.Select(LabelOf),
        ];
        if (
            labels
                .GroupBy(static one => one.Name, StringComparer.Ordinal)
                .FirstOrDefault(static one => one.Count() > 1) is
            { } twice
        )
        {
            throw Wrong(
                $"The label '{twice.Key}' is said twice.",
                "Each label has one value; app, environment and severity have options of their own."
            );
        }
        var until = input.Over ? now : now + lasts;
        var alert = new SentAlert(
            Labels.Of(labels.Where(static one => one.Value.Length > 0)),
            Labels.Of(input.Summary is { Length: > 0 } summary ? [new Label("summary", summary)] : []),
            StartsAt: null,
            until
        );
        await TakeAsync(engine, [alert], engine.Caller, stop);
        return new(Alert.FingerprintOf(alert.Labels), until);
    }

    private static Label LabelOf(string text) =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            ? new(text[..at].Trim(), text[(at + 1)..].Trim())
            : throw Wrong($"--label '{text}' cannot be read.", "A label is written as name=value.");

    private static void Check(SentAlert alert)
    {
        if (alert.Labels[Alert.NameLabel].Length == 0)
        {
            throw Wrong("An alert has no name.", $"Its label '{Alert.NameLabel}' is missing or empty.");
        }
        if (alert.Labels.Count > LabelsMax || alert.Annotations.Count > LabelsMax)
        {
            throw Wrong("An alert has too many labels or notes.", $"It has at most {LabelsMax} of each.");
        }
        foreach (var (name, value) in alert.Labels)
        {
            if (name.Length is 0 or > NameLettersMax || value.Length > LabelLettersMax)
            {
                throw Wrong(
                    $"A label of {alert.Labels[Alert.NameLabel]} is too long.",
                    $"Names have 1 to {NameLettersMax} letters, values at most {LabelLettersMax}."
                );
            }
        }
        if (alert.Annotations.Any(static one => one.Value.Length > NoteLettersMax))
        {
            throw Wrong(
                $"A note of {alert.Labels[Alert.NameLabel]} is too long.",
                $"It has at most {NoteLettersMax} letters."
            );
        }
    }

    private static ProblemException Wrong(string what, string why) =>
        new(
            new Problem(
                "alert.wrong",
                what,
                why,
                Fix: "Write for example: fairlead alert send BackupFailed --app shop --environment production --severity page --summary 'disk full'"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
