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

    /// <summary>Judges block by block, as it was done at the time, until harm is shown or the evidence ends.</summary>
    /// <returns>With the end of the block that decided, or of the last.</returns>
    public static (Judgement Judgement, DateTimeOffset Until) Replay(Evidence evidence, JudgeRules rules, int among = 1)
    {
        var judge = new SequentialJudge(evidence with { Blocks = [] }, rules, among);
        for (var count = 1; count < evidence.Blocks.Count; count++)
        {
            Judgement judgement;
            if (rules.Kind == JudgeKind.Sequential)
            {
                judge.Take(evidence.Blocks[count - 1]);
                judgement = judge.Rule();
            }
            else
            {
                judgement = Rule(evidence with { Blocks = [.. evidence.Blocks.Take(count)] }, rules, among);
            }
            if (judgement.Ruling == Ruling.Broken)
            {
                return (judgement, evidence.Blocks[count - 1].Ended);
            }
        }
        return (Rule(evidence, rules, among), evidence.Until);
    }
}
