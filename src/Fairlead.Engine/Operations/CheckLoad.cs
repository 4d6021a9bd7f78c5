using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Checking;
using Fairlead.Engine.Checking.Loads;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Sends requests to a service at a rate of its own, and judges what visitors would have seen.</summary>
public static class CheckLoad
{
    private const string Check = "load";
    private const double PerSecondMax = 20_000;
    private static readonly TimeSpan TimeMax = TimeSpan.FromHours(1);
    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(30);

    public sealed record Input : ServiceCheckInput
    {
        [Description(
            "Requests in a time, such as 50/s; several are stages one after the other. 10/s when nothing is said."
        )]
        public IReadOnlyList<string>? Rate { get; init; }

        [Description("How long each rate is held, such as 30s; 30s when left out.")]
        public string? For { get; init; }

        [Description(
            "What must hold, such as 'p99 < 250ms', 'errors < 1%', 'dropped < 1%', 'mean < 50ms' or 'max < 2s'."
        )]
        public IReadOnlyList<string>? Threshold { get; init; }
    }

    /// <param name="Sent">Of those that were due; the rest was dropped.</param>
    /// <param name="Dropped">Due when too many were under way already.</param>
    /// <param name="Failures">Answers of 500 or more by status, and requests without an answer by reason.</param>
    public sealed record Output(
        string Verdict,
        string Url,
        long Sent,
        long Answered,
        long Dropped,
        string Latency,
        IReadOnlyDictionary<string, long> Failures,
        IReadOnlyList<StageView> Stages,
        IReadOnlyList<ThresholdView> Thresholds,
        IReadOnlyList<Problem> Problems
    );

    public sealed record StageView(
        string Rate,
        string For,
        long Sent,
        long Failed,
        long Dropped,
        string P50,
        string P99,
        string Max
    );

    public sealed record ThresholdView(string Threshold, string Measured, bool Holds);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "check.load",
            "Load a service at a fixed rate, and judge what its visitors would see.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead check load http://127.0.0.1:8080/ --rate 50/s --for 30s --threshold 'p99 < 250ms' --threshold 'errors < 1%'",
                "fairlead check load --rate 50/s --rate 100/s --rate 200/s",
            ],
            FailsByProblems = true,
            Needs = Need.OfAll(Permission.Operate),
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var file = ChecksReader.Read(engine.OpenFolder(input.Folder));
        var settings = file.Load ?? new();
        var url = input.Address(file, settings.Url, Check);
        var stages = StagesOf(input, settings);
        var thresholds = ThresholdsOf(input.Threshold ?? settings.Thresholds ?? ["errors < 1%"]);
        var requests = new LoadRequests(url, input.Url is null ? settings.Requests ?? [] : []);
        var ports = engine.OpenChecks(input.Folder);
        engine.Say(
            $"{string.Join(", then ", stages.Select(static one => $"{Number(one.PerSecond)}/s for {one.Duration.Text}"))} to {url}"
        );
        var report = await ports.Load.RunAsync(
            new()
            {
                Target = url,
                Stages = stages,
                Request = requests.Of,
                OpenMax = settings.Open ?? 1_000,
                AnswerMax = settings.Wait ?? UsualWait,
            },
            stop
        );
        stop.ThrowIfCancellationRequested();
        var views = thresholds
            .Select(one => (one, one.Judge(report)))
            .Select(static one => new ThresholdView(one.one.ToString(), one.Item2.Measured, one.Item2.Holds))
            .ToList();
        var broken = views.Where(static one => !one.Holds).ToList();
        if (input.Report is { } path)
        {
            ports.Files.Write(
                path,
                CheckReport.Of(path, Check, [.. broken.Select(one => Finding(one, url))], static _ => true)
            );
        }
        return new(
            broken.Count == 0 ? "passed" : "failed",
            url.ToString(),
            report.Sent,
            report.ByStatus.Values.Sum(),
            report.NotSent,
            $"p50 {Ms(report, 50)}, p90 {Ms(report, 90)}, p99 {Ms(report, 99)}, p99.9 {Ms(report, 99.9)}, max {Ms(report, 100)}, from when each request was due",
            FailuresOf(report),
            [.. report.Stages.Select((one, index) => View(one, stages[index]))],
            views,
            broken.Count == 0 ? [] : [Failed(url, broken, report)]
        );
    }

    private static List<LoadStage> StagesOf(Input input, LoadEntry settings)
    {
        List<LoadStage> stages =
            input.Rate is { Count: > 0 } || settings.Stages is not { Count: > 0 } said
                ? [.. (input.Rate ?? ["10/s"]).Select(one => new LoadStage(PerSecond(RateOf(one)), TimeOf(input.For)))]
                : [.. said.Select(static one => new LoadStage(PerSecond(one.Rate), one.For))];
        var (rate, time) = (
            stages.Max(static one => one.PerSecond),
            stages.Sum(static one => one.Duration.TotalSeconds)
        );
        return rate <= PerSecondMax && time <= TimeMax.TotalSeconds
            ? stages
            : throw CheckOpenApi.Wrong(
                "check.too-much",
                $"A load of {Number(rate)} requests a second, over {Number(time)} s, is too much for one machine to make.",
                $"At most {Number(PerSecondMax)} requests a second are made, for {TimeMax.Text} at most.",
                "Ask for less, or run it from several machines."
            );
    }

    private static double PerSecond(Rate rate) => rate.Count / rate.Window.TotalSeconds;

    private static Rate RateOf(string text) =>
        Rate.TryParse(text)
        ?? throw CheckOpenApi.Wrong(
            "check.rate",
            $"'{text}' is no rate.",
            "It takes so many in so long a time.",
            "Write for example: --rate 50/s"
        );

    private static TimeSpan TimeOf(string? text) =>
        text is null ? UsualTime
        : Units.TryParseDuration(text) is { } time && time > TimeSpan.Zero ? time
        : throw CheckOpenApi.Wrong(
            "check.time",
            $"'{text}' is no time.",
            "It takes a number with its unit.",
            "Write for example: --for 30s"
        );

    private static List<LoadThreshold> ThresholdsOf(IReadOnlyList<string> texts) =>
        [
            .. texts.Select(static one =>
                LoadThreshold.TryParse(one)
                ?? throw CheckOpenApi.Wrong(
                    "check.threshold",
                    $"'{one}' is no threshold.",
                    "It takes p50 to p99.99, mean or max below a time, or errors or dropped below a percentage.",
                    "Write for example: --threshold 'p99 < 250ms' --threshold 'errors < 1%'"
                )
            ),
        ];

    private static SortedDictionary<string, long> FailuresOf(LoadReport report)
    {
        var all = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (status, count) in report.ByStatus.Where(static one => one.Key >= 500))
        {
            all[$"status {status.ToString(CultureInfo.InvariantCulture)}"] = count;
        }
        foreach (
            var (reason, count) in ((string, long)[])
                [
                    ("not connected", report.NotConnected),
                    ("closed before its answer", report.ResetOnReuse),
                    ("broken", report.Broken),
                    ("timed out", report.TimedOut),
                ]
        )
        {
            if (count > 0)
            {
                all[reason] = count;
            }
        }
        return all;
    }

    private static StageView View(LoadReport report, LoadStage stage) =>
        new(
            $"{Number(stage.PerSecond)}/s",
            stage.Duration.Text,
            report.Sent,
            report.Lost,
            report.NotSent,
            Ms(report, 50),
            Ms(report, 99),
            Ms(report, 100)
        );

    private static CheckFinding Finding(ThresholdView one, Uri url) =>
        new(
            "high",
            "threshold",
            one.Threshold,
            $"{one.Threshold} does not hold at {url}: it was {one.Measured}.",
            "The service does not bear the load.",
            "Make it quicker, or ask for less."
        );

    private static Problem Failed(Uri url, List<ThresholdView> broken, LoadReport report) =>
        new(
            "check.failed",
            What: $"{url} does not bear the load: {string.Join(", ", broken.Select(static one => $"{one.Threshold} was {one.Measured}"))}.",
            Why: report.NotSent > 0
                ? $"{report.NotSent} of {report.Sent + report.NotSent} requests were dropped, since too many waited for an answer already."
                : $"{report.Lost} of {report.Sent} requests failed; half of all were answered within {Ms(report, 50)}, one of a hundred took {Ms(report, 99)} or more.",
            Fix: "See where the time goes (fairlead trace list), give the service more replicas, or ask for less."
        );

    private static string Ms(LoadReport report, double percentile) =>
        string.Create(CultureInfo.InvariantCulture, $"{report.Latency.Quantile(percentile).TotalMilliseconds:0.0} ms");

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
