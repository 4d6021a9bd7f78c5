using System.Diagnostics;
using System.Globalization;

namespace Fairlead.Bench.Judging;

/// <summary>
/// Our judge beside Kayenta's rule and Flagger's manner on the same streams of requests, in simulated time: how often each
/// stops a healthy release, and how much harm a bad one does before it is stopped.
/// </summary>
internal static class JudgeBench
{
    private const int HoldSeconds = 600;
    private const int HarmSeconds = 1_200;
    private const ulong SeedStep = 0x1_0000;

    /// <param name="healthy">Rollouts of each healthy kind.</param>
    /// <param name="harmful">Rollouts of each harmful kind.</param>
    public static int Run(int healthy, int harmful)
    {
        var began = Stopwatch.GetTimestamp();
        Console.WriteLine(
            $"Healthy: {healthy} rollouts of {HoldSeconds / 60} min each; rollouts that were stopped, and promoted early by fairlead."
        );
        Console.WriteLine("| weather | fairlead | kayenta | flagger 1m/10 | flagger 15s/6 | promoted early, after |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var (weather, index) in Weathers.Healthy.Select((one, index) => (one, index)))
        {
            var ends = Rollouts(weather, (ulong)(index + 1), healthy, HoldSeconds);
            var early = ends.SelectMany(one => one).Where(one => one is { Rule: "fairlead", Stopped: false }).ToList();
            Console.WriteLine(
                Text(
                    $"| {weather.Name} | {string.Join(" | ", Names(ends).Select(name => Percent(ends, name)))} | {100.0 * early.Count / healthy:0}%, {Median(early.Select(one => (double)one.Second))} s |"
                )
            );
        }
        Console.WriteLine();
        Console.WriteLine(
            $"Harmful: {harmful} rollouts of {HarmSeconds / 60} min each; bad requests served (mean), seconds to the stop (median), missed."
        );
        Console.WriteLine(
            "| weather | fairlead | kayenta | flagger 1m/10 | flagger 15s/6 | ours / kayenta | ours / flagger 1m/10 |"
        );
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        foreach (var (weather, index) in Weathers.Harmful.Select((one, index) => (one, index)))
        {
            var ends = Rollouts(weather, (ulong)(index + 101), harmful, HarmSeconds);
            var own = Served(ends, "fairlead");
            Console.WriteLine(
                Text(
                    $"| {weather.Name} | {string.Join(" | ", Names(ends).Select(name => Harm(ends, name)))} | {own / Served(ends, "kayenta"):0.000} | {own / Served(ends, "flagger 1m/10"):0.000} |"
                )
            );
        }
        Console.WriteLine(Text($"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s"));
        return 0;
    }

    private static End[][] Rollouts(Weather weather, ulong kind, int count, int seconds)
    {
        var ends = new End[count][];
        Parallel.For(0, count, index => ends[index] = Rollout(weather, (kind * SeedStep) + (ulong)index, seconds));
        return ends;
    }

    private static End[] Rollout(Weather weather, ulong seed, int seconds)
    {
        var stream = new Stream(weather, seed);
        IRule[] rules =
        [
            new OwnRule(stream, seconds / 3),
            new KayentaRule(),
            new FlaggerRule("flagger 1m/10", 60, 10),
            new FlaggerRule("flagger 15s/6", 15, 6),
        ];
        var ends = new End[rules.Length];
        for (var second = 0; second < seconds && ends.Any(one => one is null); second++)
        {
            stream.Pass(second);
            for (var index = 0; index < rules.Length; index++)
            {
                if (ends[index] is null && rules[index].Look(stream, second) is { } stopped)
                {
                    ends[index] = new(rules[index].Name, second + 1, stopped, Bad(weather, stream));
                }
            }
        }
        for (var index = 0; index < rules.Length; index++)
        {
            ends[index] ??= new(rules[index].Name, seconds, null, Bad(weather, stream));
        }
        return ends;
    }

    private static long Bad(Weather weather, Stream stream) =>
        weather.IsSlow ? stream.Canary.Requests : stream.Canary.Failed;

    private static IEnumerable<string> Names(End[][] ends) => ends[0].Select(one => one.Rule);

    private static string Percent(End[][] ends, string name) =>
        Text(
            $"{100.0 * ends.SelectMany(one => one).Count(one => one.Rule == name && one.Stopped == true) / ends.Length:0.00}%"
        );

    private static string Harm(End[][] ends, string name)
    {
        var mine = ends.SelectMany(one => one).Where(one => one.Rule == name).ToList();
        var stopped = mine.Where(one => one.Stopped == true).Select(one => (double)one.Second).ToList();
        var missed = 100.0 * (mine.Count - stopped.Count) / mine.Count;
        return missed > 99.9
            ? Text($"never ({Served(ends, name):N0})")
            : Text(
                $"{Served(ends, name):N0}, {Median(stopped)} s{(missed > 0 ? Text($", {missed:0.#}% missed") : "")}"
            );
    }

    private static double Served(End[][] ends, string name) =>
        ends.SelectMany(one => one).Where(one => one.Rule == name).Average(one => one.Bad);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <param name="Stopped">False for promoted early; null for neither.</param>
    /// <param name="Bad">Bad requests served until then.</param>
    private sealed record End(string Rule, int Second, bool? Stopped, long Bad);
}
