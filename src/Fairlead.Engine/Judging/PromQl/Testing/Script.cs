using System.Text.RegularExpressions;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl.Testing;

/// <summary>What became of one question of a script.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Fault">Null when the answer was as expected.</param>
/// <param name="IsSkipped">It needs native histograms, which are not kept here.</param>
public sealed record ScriptResult(int Line, string Query, string? Fault, bool IsSkipped);

/// <summary>
/// Runs scripts in the language of Prometheus' own query tests: <c>load 1m</c>, <c>eval instant at 5m ...</c>,
/// <c>eval range from 0 to 10m step 1m ...</c>, <c>expect fail</c>, <c>clear</c>. An instant question is also asked as a range.
/// </summary>
public sealed partial class Script(World world)
{
    private const double Tolerance = 1e-6;
    private const long AroundMilliseconds = 60_000;

    private readonly List<ScriptResult> results = [];
    private readonly HashSet<string> histograms = new(StringComparer.Ordinal);
    private MemoryMetrics store = new();

    /// <exception cref="FormatException">The script itself cannot be read; its message names the line.</exception>
    public async Task<IReadOnlyList<ScriptResult>> RunAsync(string text, CancellationToken stop)
    {
        string[] lines = [.. text.ReplaceLineEndings("\n").Split('\n').Select(Bare)];
        for (var at = 0; at < lines.Length; at++)
        {
            var (line, number) = (lines[at], at + 1);
            if (line.Length == 0)
            {
                continue;
            }
            // An empty line ends what belongs to a command, and so does a comment.
            List<string> body = IsCommand(line, "clear")
                ? []
                : [.. lines.Skip(at + 1).TakeWhile(static one => one.Length > 0)];
            await CommandAsync((line, number), body, stop);
            at += body.Count;
        }
        return results;
    }

    private async Task CommandAsync((string Text, int Number) line, List<string> body, CancellationToken stop)
    {
        if (IsCommand(line.Text, "clear"))
        {
            store = new();
            histograms.Clear();
        }
        else if (IsCommand(line.Text, "load") || IsCommand(line.Text, "load_with_nhcb"))
        {
            await LoadAsync(line, body, stop);
        }
        else if (Evaluation.Read(line.Text, body) is { } evaluation)
        {
            var isSkipped = evaluation.HasHistograms || histograms.Any(name => Mentions(evaluation.Query, name));
            var fault = isSkipped ? null : await evaluation.FaultAsync(new(store, world), stop);
            results.Add(new(line.Number, evaluation.Query, fault, isSkipped));
        }
        else
        {
            throw new FormatException($"line {line.Number}: '{line.Text}' is no command");
        }
    }

    private async Task LoadAsync((string Text, int Number) line, List<string> body, CancellationToken stop)
    {
        var words = line.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var interval =
            (words.Length > 1 ? Durations.Read(words[1]) : null)
            ?? throw new FormatException($"line {line.Number}: load needs an interval, such as load 1m");
        var batch = new List<SeriesSamples>();
        foreach (var one in body)
        {
            try
            {
                var series = SeriesNotation.Read(one);
                batch.Add(series.Samples(interval));
                if (series.HasHistograms)
                {
                    histograms.Add(series.Labels.Name);
                }
                if (words[0] == "load_with_nhcb")
                {
                    histograms.Add(BucketEnd().Replace(series.Labels.Name, ""));
                }
            }
            catch (FormatException caught)
            {
                throw new FormatException($"line {line.Number}: {caught.Message}", caught);
            }
        }
        await store.AppendAsync(batch, stop);
    }

    private static bool Mentions(string query, string name) =>
        query.Contains(name, StringComparison.Ordinal)
        && query
            .Split(name)
            .Skip(1)
            .Zip(query.Split(name), static (after, before) => (Before: before, After: after))
            .Any(static one => !EndsInWord(one.Before) && !BeginsWithWord(one.After));

    private static bool EndsInWord(string text) => text.Length > 0 && IsWord(text[^1]);

    private static bool BeginsWithWord(string text) => text.Length > 0 && IsWord(text[0]);

    private static bool IsWord(char letter) => letter is '_' or ':' || char.IsAsciiLetterOrDigit(letter);

    private static bool IsCommand(string line, string command) =>
        line == command || line.StartsWith(command + " ", StringComparison.Ordinal);

    private static string Bare(string line) => line.TrimStart() is ['#', ..] ? "" : line.Trim();

    /// <summary>Whether two numbers are the same but for their last digits.</summary>
    internal static bool AreEqual(double left, double right)
    {
        if (double.IsNaN(left) || double.IsNaN(right) || left == right)
        {
            return left == right || (double.IsNaN(left) && double.IsNaN(right));
        }
        var (sum, difference) = (Math.Abs(left) + Math.Abs(right), Math.Abs(left - right));
        return left == 0 || right == 0
            ? difference < Tolerance * 2.2250738585072014e-308
            : difference / Math.Min(sum, double.MaxValue) < Tolerance;
    }

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex BucketEnd();

    /// <summary>A question and what its answer must be.</summary>
    private sealed partial class Evaluation
    {
        private readonly List<string> orders = [];
        private readonly List<SeriesNotation> series = [];
        private double? scalar;
        private string? text;
        private (long Start, long End, long Step) times;
        private bool isInstant;
        private (long Start, long Step)? ranges;

        public string Query { get; private init; } = "";

        public bool HasHistograms { get; private set; }

        private bool Expects(string order) =>
            orders.Any(one => one == order || one.StartsWith(order + " ", StringComparison.Ordinal));

        public static Evaluation? Read(string line, List<string> body)
        {
            Evaluation evaluation;
            if (InstantLine().Match(line) is { Success: true } instant)
            {
                var at = Time(instant.Groups["at"].Value);
                evaluation = new()
                {
                    Query = instant.Groups["query"].Value,
                    times = (at, at, 1),
                    isInstant = true,
                };
                evaluation.Order(instant.Groups["kind"].Value);
            }
            else if (RangeLine().Match(line) is { Success: true } range)
            {
                evaluation = new()
                {
                    Query = range.Groups["query"].Value,
                    times = (
                        Time(range.Groups["from"].Value),
                        Time(range.Groups["to"].Value),
                        Time(range.Groups["step"].Value)
                    ),
                };
                evaluation.Order(range.Groups["kind"].Value);
            }
            else
            {
                return null;
            }
            body.ForEach(evaluation.Expect);
            return evaluation;
        }

        private void Order(string kind)
        {
            if (kind.Length > 1)
            {
                orders.Add(kind[1..]);
            }
        }

        private void Expect(string line)
        {
            if (line.StartsWith("expect ", StringComparison.Ordinal))
            {
                orders.Add(line["expect ".Length..]);
                if (RangeOrder().Match(line) is { Success: true } order)
                {
                    ranges = (Time(order.Groups["from"].Value), Time(order.Groups["step"].Value));
                }
                if (line.StartsWith("expect string", StringComparison.Ordinal))
                {
                    text = line["expect string".Length..] is [' ', .. var rest] ? rest : "";
                }
            }
            else if (line.StartsWith("expected_fail_message ", StringComparison.Ordinal))
            {
                orders.Add($"fail msg: {line["expected_fail_message ".Length..]}");
            }
            else if (line.StartsWith("expected_fail_regexp ", StringComparison.Ordinal))
            {
                orders.Add($"fail regex: {line["expected_fail_regexp ".Length..]}");
            }
            else if (!line.Contains(' ') && !line.Contains('{') && Numbers.Read(line) is { } number)
            {
                scalar = number;
            }
            else
            {
                var one = SeriesNotation.Read(line);
                HasHistograms |= one.HasHistograms;
                series.Add(one);
            }
        }

        public async Task<string?> FaultAsync(QueryEngine engine, CancellationToken stop)
        {
            QueryAnswer answer;
            try
            {
                answer = isInstant
                    ? await engine.InstantAsync(Query, times.Start, null, stop)
                    : await engine.RangeAsync(Query, times, null, stop);
            }
            catch (ProblemException caught)
            {
                return Expects("fail") ? Said("fail", [caught.Problem.Why]) : $"failed: {caught.Problem.Why}";
            }
            return Expects("fail")
                ? "did not fail"
                : Said("warn", answer.Warnings)
                    ?? Said("info", answer.Infos)
                    ?? Unlike(answer.Result)
                    ?? await InRangeAsync(engine, answer.Result, stop);
        }

        /// <summary>The same as a range of three steps, whose middle one is looked at.</summary>
        private async Task<string?> InRangeAsync(QueryEngine engine, QueryResult result, CancellationToken stop)
        {
            if (!isInstant || result is not (QueryResult.Vector or QueryResult.Scalar) || Expects("ordered"))
            {
                return null;
            }
            // What depends on the query's own ends is another question then.
            if (EndsOfQuery().IsMatch(Query))
            {
                return null;
            }
            var at = times.Start;
            QueryAnswer answer;
            try
            {
                answer = await engine.RangeAsync(
                    Query,
                    (at - AroundMilliseconds, at + AroundMilliseconds, AroundMilliseconds),
                    null,
                    stop
                );
            }
            catch (ProblemException caught)
            {
                return $"as a range it failed: {caught.Problem.Why}";
            }
            var there = ((QueryResult.Matrix)answer.Result)
                .Series.Select(one => (one.Labels, Place: one.Times.Span.IndexOf(at), one.Values))
                .Where(static one => one.Place >= 0)
                .Select(static one => new QueryElement(one.Labels, one.Values.Span[one.Place]))
                .ToList();
            var fault =
                result is QueryResult.Scalar
                    ? there is [{ } only] && AreEqual(only.Value, scalar ?? double.NaN)
                        ? null
                        : "another number"
                    : Unlike(there, isOrdered: false);
            return fault is null ? null : $"as a range: {fault}";
        }

        private string? Said(string kind, IReadOnlyList<string> said)
        {
            if (Expects($"no_{kind}") && said.Count > 0)
            {
                return $"says: {said[0]}";
            }
            foreach (
                var order in orders.Where(one => one == kind || one.StartsWith(kind + " ", StringComparison.Ordinal))
            )
            {
                var wanted = order[kind.Length..].Trim();
                var isSaid = wanted switch
                {
                    "" => said.Count > 0,
                    _ when wanted.StartsWith("msg:", StringComparison.Ordinal) => said.Any(one =>
                        Place().Replace(one, "") == wanted["msg:".Length..].Trim()
                    ),
                    _ when wanted.StartsWith("regex:", StringComparison.Ordinal) => said.Any(one =>
                        RegularExpression.For($"(?s:.*)(?:{wanted["regex:".Length..].Trim()})(?s:.*)").IsMatch(one)
                    ),
                    _ => false,
                };
                if (!isSaid)
                {
                    return $"does not say '{order}' but: {string.Join("; ", said)}";
                }
            }
            return null;
        }

        private string? Unlike(QueryResult result) =>
            result switch
            {
                QueryResult.Scalar one => scalar is { } wanted && AreEqual(one.Value, wanted)
                    ? null
                    : $"expected {scalar}, got {Numbers.Write(one.Value)}",
                QueryResult.Text one => one.Value == text ? null : $"expected '{text}', got '{one.Value}'",
                QueryResult.Vector one => scalar is null && text is null
                    ? Unlike(one.Elements, Expects("ordered"))
                    : "expected a scalar, got a vector",
                QueryResult.Matrix one => Unlike(one),
                _ => "got something unknown",
            };

        private string? Unlike(IReadOnlyList<QueryElement> elements, bool isOrdered)
        {
            if (scalar is not null)
            {
                return "expected a scalar";
            }
            if (elements.Count != series.Count)
            {
                return $"expected {series.Count} series, got {elements.Count}: {Shown(elements)}";
            }
            for (var place = 0; place < series.Count; place++)
            {
                var wanted = series[place];
                var found = isOrdered
                    ? elements[place]
                    : elements.FirstOrDefault(one => one.Labels.Equals(wanted.Labels));
                if (found.Labels is null || !found.Labels.Equals(wanted.Labels))
                {
                    return $"expected {Written.Series(wanted.Labels)}, got {Shown(elements)}";
                }
                if (wanted.Values is not [{ } number] || !AreEqual(found.Value, number))
                {
                    return $"expected {Written.Series(wanted.Labels)} {string.Join(' ', wanted.Values)}, got {Numbers.Write(found.Value)}";
                }
            }
            return null;
        }

        private string? Unlike(QueryResult.Matrix matrix)
        {
            if (matrix.Series.Count != series.Count(static one => one.Values.Any(value => value is not null)))
            {
                return $"expected {series.Count} series, got {matrix.Series.Count}: "
                    + string.Join(", ", matrix.Series.Select(one => Written.Series(one.Labels)));
            }
            var (start, step) = ranges ?? (times.Start, times.Step);
            foreach (var wanted in series)
            {
                var found = matrix.Series.FirstOrDefault(one => one.Labels.Equals(wanted.Labels));
                var points = wanted.Samples(step).Samples.Select(one => (At: start + one.At, one.Value)).ToList();
                if (points.Count > 0 && found is null)
                {
                    return $"expected {Written.Series(wanted.Labels)}";
                }
                if (
                    found is not null
                    && (
                        found.Times.Length != points.Count
                        || points
                            .Where(
                                (one, place) =>
                                    found.Times.Span[place] != one.At || !AreEqual(found.Values.Span[place], one.Value)
                            )
                            .Any()
                    )
                )
                {
                    return $"expected {Written.Series(wanted.Labels)} {string.Join(' ', points.Select(one => $"{one.At}:{one.Value}"))}, got "
                        + string.Join(
                            ' ',
                            found
                                .Times.ToArray()
                                .Zip(found.Values.ToArray(), (at, value) => $"{at}:{Numbers.Write(value)}")
                        );
                }
            }
            return null;
        }

        private static string Shown(IReadOnlyList<QueryElement> elements) =>
            string.Join(", ", elements.Select(one => $"{Written.Series(one.Labels)} {Numbers.Write(one.Value)}"));

        private static long Time(string text) =>
            Durations.Read(text)
            ?? (long?)(Numbers.Read(text) * 1000)
            ?? throw new FormatException($"'{text}' is no time");

        [GeneratedRegex(
            @"^eval(?<kind>_\w+)?\s+instant\s+(?:at\s+(?<at>\S+))\s+(?<query>.+)$",
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
        )]
        private static partial Regex InstantLine();

        [GeneratedRegex(
            @"^eval(?<kind>_\w+)?\s+range\s+from\s+(?<from>\S+)\s+to\s+(?<to>\S+)\s+step\s+(?<step>\S+)\s+(?<query>.+)$",
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
        )]
        private static partial Regex RangeLine();

        [GeneratedRegex(
            @"^expect range vector from (?<from>\S+) to \S+ step (?<step>\S+)$",
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
        )]
        private static partial Regex RangeOrder();

        [GeneratedRegex(@" \([0-9]+:[0-9]+\)$", RegexOptions.NonBacktracking)]
        private static partial Regex Place();

        [GeneratedRegex(@"\b(start|end|step|range)\(\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
        private static partial Regex EndsOfQuery();
    }
}
