using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Infrastructure;

/// <summary>What can be wrong with what an app needs of a cloud.</summary>
internal static class InfrastructureProblems
{
    public static ProblemException NothingNeeded(Site site) =>
        Wrong(
            "infra.nothing-needed",
            $"{site} needs nothing of a cloud.",
            "Its manifest has no 'infrastructure'.",
            "Add to fairlead.yaml: infrastructure: { cloud: aws }"
        );

    public static ProblemException NoRuntime(string service, string stack) =>
        Wrong(
            "infra.no-runtime",
            $"Nothing says what the function {service} is written for.",
            $"'{stack}' tells neither a runtime nor where it begins.",
            $"Add to infrastructure: services: {{ {service}: {{ on: function, runtime: nodejs22.x, handler: index.handler }} }}"
        );

    public static ProblemException Wrong(string code, string what, string why, string fix) =>
        new(new Problem(code, what, why, fix) { Trouble = Trouble.WrongUse });
}
