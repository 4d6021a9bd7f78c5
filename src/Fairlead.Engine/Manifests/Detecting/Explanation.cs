using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>What <c>fairlead init --explain</c> tells of a repository.</summary>
/// <param name="Refused">What looked like a service but is none, and why.</param>
public sealed record Explanation(string App, IReadOnlyList<ExplainedService> Services, IReadOnlyList<string> Refused)
{
    private const int NearMissesMax = 5;

    internal static ExplainedService Of(Candidate one)
    {
        var winner = one.Trials.FirstOrDefault(trial => trial.Holds);
        return new(
            new(one.Name!, one.Path, one.Detected),
            [
                .. one
                    .Trials.Where(trial =>
                        trial != winner && trial.Seen.Count > 0 && trial.Rule.Stack != winner?.Rule.Stack
                    )
                    .DistinctBy(trial => trial.Rule.Stack)
                    .Take(NearMissesMax)
                    .Select(trial => new NearMiss(
                        trial.Rule.Stack,
                        trial.Seen,
                        trial.Lacks is { } lacks ? $"no {lacks}" : $"{winner!.Rule.Stack} comes first"
                    )),
            ]
        );
    }

    /// <summary>As lines for people.</summary>
    public IReadOnlyList<string> Lines() =>
        [
            .. Services.Count == 0 ? [$"Nothing in {App} is known to be deployable."] : Services.SelectMany(Lines),
            .. Refused.Count == 0 ? Array.Empty<string>() : ["not taken:", .. Refused.Select(one => $"  {one}")],
        ];

    private static IEnumerable<string> Lines(ExplainedService explained)
    {
        var (name, path, detected) = explained.Service;
        yield return $"{name} ({path}) is {detected.Stack}, kind {detected.Kind.ToString().ToLowerInvariant()}:";
        foreach (var evidence in detected.Evidence)
        {
            yield return $"  {evidence}";
        }
        foreach (var step in detected.Recipe.Build)
        {
            yield return $"  build: {string.Join(' ', step)}";
        }
        yield return detected.Recipe.Run.Count > 0
            ? $"  run: {string.Join(' ', detected.Recipe.Run)}"
            : $"  serve: {detected.Recipe.Output ?? "what the build writes"}";
        yield return detected.HealthPath is { } health ? $"  health: {health}" : Health(detected);
        foreach (var miss in explained.NearMisses)
        {
            yield return $"  not {miss.Stack}, though {miss.Seen[0]}: {miss.Why}";
        }
    }

    private static string Health(Detected detected) =>
        detected.Kind is Kind.Web or Kind.Api && detected.Recipe.Run.Count > 0
            ? "  health: its port accepts connections, since no health path is evident"
            : "  health: none is needed";
}

/// <summary>A service and why it is taken for what it is.</summary>
public sealed record ExplainedService(DetectedService Service, IReadOnlyList<NearMiss> NearMisses);

/// <summary>A stack that the folder could have been.</summary>
/// <param name="Seen">What spoke for it.</param>
/// <param name="Why">What spoke against it.</param>
public sealed record NearMiss(string Stack, IReadOnlyList<Evidence> Seen, string Why);
