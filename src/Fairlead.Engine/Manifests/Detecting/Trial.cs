using Fairlead.Engine.Manifests.Detecting.Clues;
using Fairlead.Engine.Manifests.Detecting.Stacks;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>How a rule fared in a folder.</summary>
/// <param name="Lacks">The first sign that was not seen; null when all were.</param>
internal sealed record Trial(Rule Rule, IReadOnlyList<Evidence> Seen, string? Lacks)
{
    public bool Holds => Lacks is null;

    /// <summary>How all rules fare, in order of precedence.</summary>
    public static IReadOnlyList<Trial> All(Sight sight) => [.. AllRules.Rules.Select(rule => Of(rule, sight))];

    /// <summary>What the folder is: the first rule that holds, in the words of its Procfile if it has one.</summary>
    public static Detected? Decide(Sight sight, IReadOnlyList<Trial> trials)
    {
        var process = Procfile.Main(Procfile.Read(sight));
        return trials.FirstOrDefault(trial => trial.Holds) is not { } winner
                ? (process is null ? null : Procfile.Alone(process))
            : process is null ? winner.Answer(sight, trials)
            : Procfile.Apply(winner.Answer(sight, trials), process);
    }

    /// <summary>The same module, but another of its programs.</summary>
    public static Detected OfGo(Sight sight, Detected first, GoProgram program)
    {
        var answer = Go.Of(sight, program);
        var takesRequests = answer.Kind is Kind.Web or Kind.Api;
        return first with
        {
            Kind = answer.Kind,
            Recipe = answer.Recipe,
            HealthPath = takesRequests ? first.HealthPath : null,
            Port = takesRequests ? first.Port : null,
            Evidence = [new(program.File, null, "begins the program"), .. answer.Because],
        };
    }

    private static Trial Of(Rule rule, Sight sight)
    {
        List<Evidence> seen = [];
        foreach (var sign in rule.Signs)
        {
            if (sign.Look(sight) is not { } some)
            {
                return new(rule, seen, sign.Wanted);
            }
            seen.AddRange(some);
        }
        return new(rule, seen, null);
    }

    private Detected Answer(Sight sight, IReadOnlyList<Trial> trials)
    {
        var answer = Rule.Answer(sight);
        var takesRequests = answer.Kind is Kind.Web or Kind.Api && answer.Recipe.Run.Count > 0;
        var sources = takesRequests ? answer.Listens : null;
        var health = sources is null || answer.HealthPath is not null ? null : HealthClue.Find(sight, sources);
        var isTold = answer.Recipe.Run.Any(word => word.Contains("{port}", StringComparison.Ordinal));
        var port = sources is null || isTold || answer.Port is not null ? null : PortClue.Find(sight, sources);
        return new(
            Rule.Stack,
            answer.Kind,
            answer.Recipe,
            answer.HealthPath ?? (health is null ? null : HealthClue.PathOf(health)),
            answer.Port ?? port?.Port,
            [
                .. Seen.Concat(answer.Because)
                    .Append(health)
                    .Append(port?.Because)
                    .Concat(Others(trials))
                    .OfType<Evidence>()
                    .Distinct(),
            ]
        );
    }

    // A page beside a program is a part of it; anything else of another family is worth a word.
    private IEnumerable<Evidence> Others(IReadOnlyList<Trial> trials) =>
        trials
            .Where(trial => trial.Holds && trial.Rule.Family != Rule.Family && trial.Rule.Family != "static")
            .DistinctBy(trial => trial.Rule.Family)
            .Where(trial => trial.Seen.Count > 0)
            .Select(trial =>
                trial.Seen[0] with
                {
                    Says = $"would make it {trial.Rule.Stack}, but {Rule.Stack} comes first",
                }
            );
}
