using Fairlead.Engine.Deploying;
using Fairlead.Engine.Handoffs.Kinds;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Handoffs;

/// <summary>Turns what was handed over and accepted into gates of a release, and into what stands in its way.</summary>
public static class HandoffGate
{
    /// <summary>Where a source keeps hand-offs of its own: what is there holds for what is built of it.</summary>
    public const string Folder = ".fairlead/handoffs";

    private const int FilesMax = 100;

    /// <summary>The release as accepted hand-offs make it. What they block is in its <see cref="Candidate.Blocks"/>.</summary>
    /// <param name="accepted">Of its site.</param>
    public static Candidate Apply(Candidate candidate, IReadOnlyList<Handoff> accepted, DateTimeOffset now)
    {
        var results = accepted
            .Where(static one => one.Kind is "gate-result")
            .OrderBy(static one => one.OfferedAt)
            .Select(static one => (Body: (GateResult)HandoffReading.BodyOf(one), one.OfferedAt))
            .GroupBy(static one => one.Body.Gate, StringComparer.Ordinal)
            .ToDictionary(
                static group => group.Key,
                static group => (group.Last().Body.Passed, group.Last().OfferedAt),
                StringComparer.Ordinal
            );
        var compile = new HandoffCompile(candidate, now, results);
        // The oldest first, and their order decides nothing: each adds, and none takes away.
        foreach (
            var one in accepted
                .OrderBy(static one => one.OfferedAt)
                .ThenBy(static one => one.Id, StringComparer.Ordinal)
        )
        {
            compile.Apply(one, HandoffReading.BodyOf(one));
        }
        return compile.Candidate with
        {
            Blocks = [.. compile.Blocks.Select(static one => HandoffProblems.Blocks(one.By, one.Why, one.Fix))],
            RiskMax = accepted
                .Where(static one => one.Kind is "risk-assessment")
                .Select(static one => (one, ((RiskAssessment)HandoffReading.BodyOf(one)).RiskMax))
                .OrderBy(static one => one.RiskMax, StringComparer.Ordinal) // low before medium
                .Select(static one => new RiskCap(one.one.Id, one.RiskMax))
                .FirstOrDefault(),
        };
    }

    /// <summary>Hand-offs that lie in a source, as those who keep it agreed to them.</summary>
    /// <exception cref="ProblemException">One cannot be read, or is about another app.</exception>
    public static IReadOnlyList<Handoff> InSource(IFileTree tree, Site site, DateTimeOffset now)
    {
        var found = new List<Handoff>();
        foreach (
            var name in tree.List(Folder)
                .Where(static one => one.EndsWith(".yaml", StringComparison.Ordinal))
                .Take(FilesMax)
        )
        {
            var path = $"{Folder}/{name}";
            var text =
                tree.ReadText(path)
                ?? throw new ProblemException(HandoffProblems.Wrong($"{path} cannot be read as text."));
            Handoff read;
            try
            {
                read = HandoffReading.Read(text, path, now);
            }
            catch (ProblemException caught)
            {
                throw new ProblemException(caught.Problem with { Where = path });
            }
            if (read.Site.App != site.App)
            {
                throw new ProblemException(
                    HandoffProblems.Wrong($"{path} is about {read.Site.App}, and this is {site.App}.")
                );
            }
            if (read.Site == site)
            {
                found.Add(read with { State = HandoffState.Accepted });
            }
        }
        return found;
    }

    /// <summary>What a plan of too much risk meets; null when it may go out.</summary>
    public static Problem? RiskProblem(RiskCap? cap, string risk) =>
        cap is null || RankOf(risk) <= RankOf(cap.RiskMax)
            ? null
            : new(
                "handoff.blocks",
                What: $"The hand-off {cap.Handoff} (risk-assessment) does not let this release go out.",
                Why: $"Its plan has {risk} risk, and {cap.RiskMax} is the most.",
                Fix: "Make the change smaller or watched by gates, or hand over another risk-assessment."
            )
            {
                Trouble = Trouble.Conflict,
            };

    private static int RankOf(string risk) =>
        risk switch
        {
            "low" => 0,
            "medium" => 1,
            _ => 2,
        };
}
