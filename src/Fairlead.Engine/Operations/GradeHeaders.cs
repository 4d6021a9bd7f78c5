using System.ComponentModel;
using Fairlead.Engine.Guarding;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Grades the security headers of a live site.</summary>
public static class GradeHeaders
{
    public sealed record Input
    {
        [Description("The page to look at, such as https://shop.example.com; https:// when nothing is said.")]
        [Positional]
        public required string Url { get; init; }
    }

    /// <param name="Url">What answered, after redirects.</param>
    public sealed record Output(
        string Url,
        int Status,
        string Grade,
        int Points,
        IReadOnlyList<HeaderFinding> Findings
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "security.headers",
            "Grade the security headers of a live site, from A+ to F, with what to change.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead security headers https://shop.example.com"],
            Needs = Need.OfAll(Permission.Operate),
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var text = input.Url.Contains("://", StringComparison.Ordinal) ? input.Url : $"https://{input.Url}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new ProblemException(
                new Problem(
                    "security.url",
                    What: $"'{input.Url}' is no address of a page.",
                    Why: "It takes a host name, or an address that begins with https:// or http://.",
                    Fix: "Write for example: fairlead security headers https://shop.example.com"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var answer = await engine.LookAsync(url, stop);
        var grade = HeaderGrade.Of(answer);
        return new(answer.Url.ToString(), answer.Status, grade.Grade, grade.Points, grade.Findings);
    }
}
