using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>A person states that a control is met, where no program can see it.</summary>
public static class AttestControl
{
    private const int StatementLettersMax = 2_000;
    private const int DaysMax = 366;

    public sealed record Input
    {
        [Description("soc2, hipaa, gdpr or host.")]
        [Positional]
        public required string Catalogue { get; init; }

        [Description("The control's id, such as CC1.1.")]
        [Positional]
        public required string Control { get; init; }

        [Description("What is stated, such as where the document is; the catalogue's own sentence when left out.")]
        public string? Statement { get; init; }

        [Description("For how many days it counts, at most 366.")]
        public int Days { get; init; } = 365;
    }

    public static Operation Operation { get; } =
        new Operation<Input, Attestation>(
            "compliance.attest",
            "State that a control is met, where only a person can know.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead compliance attest soc2 CC1.1 --statement 'handbook.example.com/conduct, read by all in May'",
            ],
            Needs = Need.OfAll(Permission.Secure),
        };

    private static async Task<Attestation> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var catalogue = ComplianceDesk.Choose(input.Catalogue)[0];
        var control = catalogue.Find(input.Control) ?? throw new ProblemException(NoControl(catalogue, input.Control));
        if (engine.Caller.Kind is not (PrincipalKind.Person or PrincipalKind.Owner))
        {
            throw new ProblemException(OnlyPeople(engine.Caller));
        }
        var statement = (input.Statement ?? control.Attest)?.Trim();
        if (control.Attest is null)
        {
            throw new ProblemException(Measured(catalogue, control));
        }
        if (statement is not { Length: > 0 and <= StatementLettersMax } || input.Days is < 1 or > DaysMax)
        {
            throw new ProblemException(Wrong());
        }
        var now = engine.World.Now;
        var attestation = new Attestation(
            catalogue.Id,
            control.Id,
            statement,
            engine.Caller.ToString(),
            now,
            now + TimeSpan.FromDays(input.Days)
        );
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries =
                [
                    new NewEntry(
                        AccessBook.Platform,
                        Deployment: null,
                        "attested",
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{catalogue.Id} {control.Id} is met until {attestation.Until.UtcDateTime:yyyy-MM-dd}: {statement.ReplaceLineEndings(" ")}, by {engine.Caller}"
                        ),
                        new JsonObject
                        {
                            ["by"] = engine.Caller.Written(),
                            ["catalogue"] = catalogue.Id,
                            ["control"] = control.Id,
                            ["statement"] = statement,
                            ["until"] = attestation.Until,
                        }
                    ),
                ],
                Writes = [new Write(Attestation.Collection, attestation.Key, Records.Body(attestation))],
            },
            stop
        );
        return attestation;
    }

    private static Problem NoControl(Catalogue catalogue, string id) =>
        new(
            "compliance.unknown-control",
            What: $"{catalogue.Title} has no control '{id}' here.",
            Why: $"It begins with {string.Join(", ", catalogue.Controls.Take(5).Select(one => one.Id))}.",
            Fix: $"See all: fairlead compliance report {catalogue.Id}"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private static Problem OnlyPeople(Principal caller) =>
        new(
            "compliance.only-people",
            What: $"{caller} cannot state that a control is met.",
            Why: "A statement is worth as much as the person who answers for it; a program answers for nothing.",
            Fix: "Let a person with the permission 'secure' state it."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    private static Problem Measured(Catalogue catalogue, Control control) =>
        new(
            "compliance.measured",
            What: $"{catalogue.Id} {control.Id} is not for a person to state.",
            Why: $"It is measured: {string.Join(", ", control.Evidence)}.",
            Fix: $"See what is missing: fairlead compliance report {catalogue.Id}"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private static Problem Wrong() =>
        new(
            "compliance.wrong-statement",
            What: "This cannot be stated.",
            Why: $"A statement has 1 to {StatementLettersMax} letters and counts for 1 to {DaysMax} days.",
            Fix: "Write for example: fairlead compliance attest soc2 CC1.1 --statement 'Code of conduct, signed by all, in the handbook' --days 365"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
