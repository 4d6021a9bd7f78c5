using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Says that a finding was looked into. The same with evidence that is new opens it again.</summary>
public static class CloseFinding
{
    private const int LettersMax = 500;

    public sealed record Input
    {
        [Description("The finding's id, as 'fairlead finding list' shows it.")]
        [Positional]
        public required string Id { get; init; }

        [Description("What it was, and what was done.")]
        public required string Reason { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListFindings.View>(
            "finding.close",
            "Say that a finding was looked into, and what it was.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead finding close 3f0c9a51 --reason 'Our own load test.'"],
            Needs = Need.OfAll(Permission.Secure),
        };

    private static async Task<ListFindings.View> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var reason = input.Reason.Trim();
        if (reason.Length is 0 or > LettersMax || reason.Any(char.IsControl))
        {
            throw new ProblemException(
                new Problem(
                    "finding.reason",
                    What: "Nobody would know later why this was closed.",
                    Why: $"The reason has 1 to {LettersMax} letters on one line.",
                    Fix: "Write for example: --reason 'our own scanner, every Monday'"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var findings = engine.Server.Detection.Findings;
        return ListFindings.Of(await findings.CloseAsync(input.Id, (engine.Caller, reason), stop));
    }
}
