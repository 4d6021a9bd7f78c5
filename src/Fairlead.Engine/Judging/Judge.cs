using Fairlead.Model.Releases;

namespace Fairlead.Engine.Judging;

/// <summary>Judges evidence: a pure function, so that every verdict can be given again, also by other rules.</summary>
public static class Judge
{
    /// <param name="among">Services that are judged in the same deployment, at least 1: they share the false alarms.</param>
    public static Judgement Rule(Evidence evidence, JudgeRules rules, int among = 1) =>
        rules.Kind switch
        {
            JudgeKind.Kayenta => KayentaJudge.Rule(evidence),
            JudgeKind.Sequential => new SequentialJudge(evidence, rules, among).Rule(),
            _ => new(Ruling.Unknown, "nobody judges: the manifest says 'judge: off'", []),
        };
}
