using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Deploying.Gates;

/// <summary>
/// Rules whether a gate holds, from what the edge counted. Both traffic gates ask how many requests were bad: failed, or
/// slower than the limit; a quantile below a limit is the same claim as few enough requests above it.
/// </summary>
public static class GateJudge
{
    /// <summary>Fewer requests than this say nothing good.</summary>
    public const int RequestsMin = 10;

    // Two failures may have one cause; three that chance cannot explain are enough, however few requests came.
    private const int BadMin = 3;

    // From here on the plain ratio decides at the end of a hold; below, chance has to be ruled out.
    private const int RequestsPlenty = 50;

    // Looking many times finds chance streaks, so an early end asks for more.
    private const double EarlyChance = 0.001;
    private const double FinalChance = 0.05;

    /// <param name="traffic">Of the part under test, since its share last changed; null when none was seen.</param>
    /// <param name="isFinal">The hold is over, and the gate must say what it knows.</param>
    public static Verdict Rule(
        Gate gate,
        PartTraffic? traffic,
        CommandView? command,
        bool isFinal,
        QueryView? query = null
    ) =>
        gate switch
        {
            Gate.ErrorRate rate => Count(
                rate,
                (traffic?.Counts.Failed ?? 0) + (traffic?.Counts.Lost ?? 0),
                traffic?.Counts.Requests ?? 0,
                rate.Percent / 100,
                isFinal
            ),
            Gate.Latency latency => Slow(latency, traffic?.Latency ?? LatencyHistogram.Empty, isFinal),
            Gate.Command words => Command(words, command, isFinal),
            Gate.Check => CheckGate.Rule(gate, command, isFinal),
            Gate.Query words => QueryGate.Rule(words, query),
            _ => throw new System.Diagnostics.UnreachableException($"A gate no one knows: {gate}"),
        };

    private static Verdict Slow(Gate.Latency gate, LatencyHistogram latency, bool isFinal)
    {
        var verdict = Count(gate, latency.CountAbove(gate.Limit), latency.Count, 1 - gate.Quantile / 100, isFinal);
        return latency.Count == 0
            ? verdict
            : verdict with
            {
                Reason =
                    Text($"p{gate.Quantile} is {latency.Quantile(gate.Quantile).Text}, limit {gate.Limit.Text}: ")
                    + verdict.Reason,
            };
    }

    private static Verdict Count(Gate gate, long bad, long all, double limit, bool isFinal)
    {
        var word = gate is Gate.Latency ? "were slower" : "failed";
        var numbers = Text($"{bad} of {all} requests {word} ({(all == 0 ? 0 : 100.0 * bad / all):0.##}%)");
        if (bad >= BadMin && Chance(bad, all, limit) < EarlyChance)
        {
            return new(gate.ToString(), Ruling.Broken, $"{numbers}, more than chance explains");
        }
        if (all < RequestsMin)
        {
            return new(gate.ToString(), Ruling.Unknown, $"only {all} requests came, {RequestsMin} are needed to tell");
        }
        if (!isFinal || (double)bad / all <= limit)
        {
            return new(gate.ToString(), Ruling.Holds, numbers);
        }
        return all >= RequestsPlenty || Chance(bad, all, limit) < FinalChance
            ? new(gate.ToString(), Ruling.Broken, numbers)
            : new(gate.ToString(), Ruling.Unknown, $"{numbers}, too few to tell from chance");
    }

    private static Verdict Command(Gate.Command gate, CommandView? view, bool isFinal) =>
        view switch
        {
            { Problem: { } problem } => new(gate.ToString(), Ruling.Broken, problem.Why),
            { ExitCode: 0 } => new(gate.ToString(), Ruling.Holds, "it exited 0"),
            { ExitCode: { } code } => new(
                gate.ToString(),
                Ruling.Broken,
                Text($"it exited {code}: ") + string.Join(" / ", view.Lines.TakeLast(3))
            ),
            _ => new(gate.ToString(), Ruling.Unknown, isFinal ? "it has not ended yet" : "it is running"),
        };

    /// <summary>
    /// How likely so many bad ones or more are when each is bad with the limit's probability: Chernoff's bound, which never
    /// promises too much, however few there are.
    /// </summary>
    internal static double Chance(long bad, long all, double limit)
    {
        var share = (double)bad / all;
        if (share <= limit)
        {
            return 1;
        }
        var divergence = share * Math.Log(share / limit);
        if (share < 1)
        {
            divergence += (1 - share) * Math.Log((1 - share) / (1 - limit));
        }
        return Math.Exp(-all * divergence);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
