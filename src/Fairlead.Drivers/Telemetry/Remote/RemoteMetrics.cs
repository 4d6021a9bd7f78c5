using System.Globalization;
using System.Text.Json;
using Fairlead.Drivers.Formats.RemoteWrite;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Remote;

/// <summary>
/// Metrics kept by a Prometheus somewhere else, for whom the embedded store has become too small: written by remote write, read by remote
/// read, which alone gives raw samples with their stale markers, and names by its HTTP API.
/// </summary>
/// <param name="address">Its base, such as <c>http://prometheus:9090</c>.</param>
public sealed class RemoteMetrics(RemoteAddress address) : IMetricStore, IDisposable
{
    private const int AnswerBytesMax = 256 * 1024 * 1024;
    private const int TriesMax = 100;
    private const int NamesBytesMax = 32 * 1024 * 1024;
    private static readonly TimeSpan AskMax = TimeSpan.FromMinutes(2);

    private readonly HttpClient http = RemoteHttp.Open(address, AskMax);

    public async Task<Appended> AppendAsync(IReadOnlyList<SeriesSamples> batch, CancellationToken stop)
    {
        if (batch.All(one => one.Samples.Count == 0))
        {
            return new(0, new Dictionary<string, long>());
        }
        var tries = new Tries();
        var refused = await AppendAsync(batch, tries, stop);
        var taken = batch.Sum(one => (long)one.Samples.Count) - refused;
        return new(
            taken,
            refused == 0 ? new Dictionary<string, long>() : new Dictionary<string, long> { [RefusedCode] = refused }
        );
    }

    // For one sample that it does not want Prometheus takes none of them. So the batch is parted until that one stands alone.
    private async Task<long> AppendAsync(IReadOnlyList<SeriesSamples> batch, Tries tries, CancellationToken stop)
    {
        var url = address.At("/api/v1/write");
        var (status, _, why) = await RemoteHttp.PostAsync(http, url, RemoteMessages.Write(batch), stop);
        if (status is >= 200 and < 300)
        {
            return 0;
        }
        if (status is not 400)
        {
            throw new ProblemException(Unreachable(why));
        }
        var (first, second) = Halves(batch);
        return second.Count == 0 || ++tries.Count > TriesMax
            ? batch.Sum(one => (long)one.Samples.Count)
            : await AppendAsync(first, tries, stop) + await AppendAsync(second, tries, stop);
    }

    /// <summary>By series, and a series alone by its samples; nothing is left for the second where there is one sample.</summary>
    internal static (IReadOnlyList<SeriesSamples> First, IReadOnlyList<SeriesSamples> Second) Halves(
        IReadOnlyList<SeriesSamples> batch
    )
    {
        if (batch is not [var only])
        {
            return ([.. batch.Take(batch.Count / 2)], [.. batch.Skip(batch.Count / 2)]);
        }
        var half = only.Samples.Count / 2;
        return half == 0
            ? (batch, [])
            : (
                [only with { Samples = [.. only.Samples.Take(half)] }],
                [only with { Samples = [.. only.Samples.Skip(half)] }]
            );
    }

    private sealed class Tries
    {
        public int Count { get; set; }
    }

    /// <summary>Samples that the other store did not want, such as ones older than what it has.</summary>
    public const string RefusedCode = "metrics.remote-refused";

    public async Task<IReadOnlyList<ISeries>> SelectAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address.At("/api/v1/read"))
        {
            Content = RemoteHttp.Content(RemoteMessages.Read(matchers, from, to)),
        };
        request.Headers.Add("X-Prometheus-Remote-Read-Version", "0.1.0");
        var body = await AskAsync(request, AnswerBytesMax, stop);
        try
        {
            return [.. RemoteMessages.ReadAnswer(body, AnswerBytesMax).Select(one => new Series(one))];
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(Unreadable(caught.Message), caught);
        }
    }

    public Task<IReadOnlyList<string>> LabelNamesAsync(
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => NamesAsync("/api/v1/labels", matchers, (from, to), stop);

    public Task<IReadOnlyList<string>> LabelValuesAsync(
        string name,
        IReadOnlyList<Matcher> matchers,
        long from,
        long to,
        CancellationToken stop
    ) => NamesAsync($"/api/v1/label/{Uri.EscapeDataString(name)}/values", matchers, (from, to), stop);

    public void Dispose() => http.Dispose();

    /// <summary>What is asked for names: <c>?start=1.5&amp;end=2&amp;match[]={job="api",__name__=~".+"}</c>.</summary>
    internal static string Query(IReadOnlyList<Matcher> matchers, long from, long to)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"?start={Seconds(from)}&end={Seconds(to)}");
        if (matchers.Count == 0)
        {
            return query;
        }
        // Prometheus wants one that no empty label fits; every series has a name.
        var all = matchers.Append(new(MatchKind.Regex, Labels.MetricName, ".+"));
        return $"{query}&match[]={Uri.EscapeDataString($"{{{string.Join(',', all.Select(Text))}}}")}";
    }

    private async Task<IReadOnlyList<string>> NamesAsync(
        string path,
        IReadOnlyList<Matcher> matchers,
        (long From, long To) time,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            address.At(path + Query(matchers, time.From, time.To))
        );
        var body = await AskAsync(request, NamesBytesMax, stop);
        try
        {
            using var json = JsonDocument.Parse(body);
            return
            [
                .. json
                    .RootElement.GetProperty("data")
                    .EnumerateArray()
                    .Select(one => one.GetString() ?? "")
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception caught) when (caught is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ProblemException(Unreadable(caught.Message), caught);
        }
    }

    private async Task<byte[]> AskAsync(HttpRequestMessage request, int bytesMax, CancellationToken stop)
    {
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if ((int)response.StatusCode is 400 or 422 or 500)
            {
                throw new ProblemException(NotAnswered(await RemoteHttp.WhyAsync(response, stop)));
            }
            if (!response.IsSuccessStatusCode)
            {
                throw new ProblemException(Unreachable(await RemoteHttp.WhyAsync(response, stop)));
            }
            return await BoundedBody.ReadAsync(response.Content, bytesMax, stop);
        }
        catch (Exception caught)
            when (caught is HttpRequestException or IOException
                || (caught is OperationCanceledException && !stop.IsCancellationRequested)
            )
        {
            throw new ProblemException(Unreachable(caught.GetBaseException().Message), caught);
        }
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000m).ToString(CultureInfo.InvariantCulture);

    private static string Text(Matcher matcher)
    {
        var sign = matcher.Kind switch
        {
            MatchKind.Equal => "=",
            MatchKind.NotEqual => "!=",
            MatchKind.Regex => "=~",
            _ => "!~",
        };
        var value = matcher
            .Value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return $"{matcher.Name}{sign}\"{value}\"";
    }

    private Problem Unreachable(string why) =>
        new(
            "metrics.remote-unreachable",
            What: $"The metrics at {address} cannot be reached.",
            Why: why,
            Fix: $"See whether it runs: curl {address.At("/-/ready")}. It needs --web.enable-remote-write-receiver."
        )
        {
            Trouble = Trouble.Unreachable,
        };

    private Problem NotAnswered(string why) =>
        new(
            "metrics.remote-not-answered",
            What: $"The store at {address} did not answer a question.",
            Why: why,
            Fix: "Ask for fewer series or a shorter time."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    private Problem Unreadable(string why) =>
        new(
            "metrics.remote-unreadable",
            What: $"What the store at {address} answers cannot be read.",
            Why: why,
            Fix: "It must speak Prometheus's remote read and HTTP API, version 1."
        );

    private sealed class Series(SeriesSamples all) : ISeries
    {
        public Labels Labels => all.Labels;

        public void Read(long from, long to, SampleColumns into)
        {
            foreach (var (at, value) in all.Samples)
            {
                if (at >= from && at <= to)
                {
                    into.Add(at, value);
                }
            }
        }
    }
}
