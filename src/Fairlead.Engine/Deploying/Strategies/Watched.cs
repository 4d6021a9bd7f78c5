using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Strategies;

/// <summary>What is watched while two parts share the traffic: the comparison of both, and the limits that were said.</summary>
internal static class Watched
{
    /// <summary>What was failing before anybody compared: also a harmless release may break it when what it depends on fails.</summary>
    public static readonly IReadOnlyList<Gate> Customary = [new Gate.ErrorRate(1)];

    private const double FalseAlarmsMax = 50;

    /// <param name="gates">Null when nothing was said.</param>
    public static IReadOnlyList<Gate> Both(JudgeRules judge, IReadOnlyList<Gate>? gates) =>
        judge.Kind == JudgeKind.Off ? gates ?? Customary : [new Gate.Judged(judge), .. gates ?? []];

    public static IEnumerable<(string Property, string Why, string Fix)> Check(JudgeRules judge)
    {
        if (judge.FalseAlarms.Value > FalseAlarmsMax)
        {
            yield return (
                "judge",
                $"'falseAlarms: {judge.FalseAlarms}' would take back more harmless releases than not.",
                "Write for example: judge: { falseAlarms: 1% }"
            );
        }
    }
}
