using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Fairlead.Drivers.Formats.RemoteWrite;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging;

namespace Fairlead.Drivers.Telemetry.Remote;

/// <summary>
/// Sends what was kept on to another store by remote write 1.0. What waits is bounded: an outage drops the oldest, counted, and never
/// slows what comes in. Refusals (4xx) are dropped, because the same again would be refused again; all else is tried again, later each time.
/// </summary>
public sealed class RemoteWriter : IBackgroundWork, IDisposable
{
    private const int SamplesAtOnce = 2_000;
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FillMax = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendMax = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Queue<SeriesSamples> queue = new();
    private readonly SemaphoreSlim filled = new(0);
    private readonly HttpClient http;
    private readonly RemoteAddress address;
    private readonly World world;
    private readonly ILogger log;
    private int waiting;
    private long sent;
    private long dropped;
    private long refused;

    public RemoteWriter(RemoteAddress address, World world, ILogger log)
    {
        (this.address, this.world, this.log) = (address, world, log);
        http = RemoteHttp.Open(address, SendMax);
    }

    public string Name => "remote-write";

    /// <summary>Samples that wait at most.</summary>
    public int SamplesMax { get; init; } = 500_000;

    /// <summary>Put on every series that has none of the same name, so that several Fairleads can send to one store.</summary>
    public IReadOnlyList<Label> ExternalLabels { get; init; } = [];

    /// <summary>Takes samples to be sent; never waits.</summary>
    public void Take(IReadOnlyList<SeriesSamples> batch)
    {
        lock (gate)
        {
            foreach (var series in batch)
            {
                queue.Enqueue(series);
                waiting += series.Samples.Count;
            }
            while (waiting > SamplesMax && queue.TryDequeue(out var oldest))
            {
                waiting -= oldest.Samples.Count;
                dropped += oldest.Samples.Count;
            }
            if (filled.CurrentCount == 0)
            {
                filled.Release();
            }
        }
    }

    /// <summary>Its own figures.</summary>
    public void Measure(MetricPage page)
    {
        lock (gate)
        {
            page.Gauge("fairlead_remote_write_waiting_samples", "Samples that wait to be sent.", waiting);
            page.Counter("fairlead_remote_write_sent_samples_total", "Samples that the other store took.", sent);
            page.Counter(
                "fairlead_remote_write_dropped_samples_total",
                "Samples dropped because too many waited.",
                dropped
            );
            page.Counter(
                "fairlead_remote_write_refused_samples_total",
                "Samples that the other store refused.",
                refused
            );
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await filled.WaitAsync(FillMax, stop);
            while (Next() is { Count: > 0 } batch)
            {
                await SendAsync(batch, stop);
            }
        }
    }

    public void Dispose()
    {
        http.Dispose();
        filled.Dispose();
    }

    private List<SeriesSamples> Next()
    {
        var batch = new List<SeriesSamples>();
        lock (gate)
        {
            for (
                var count = 0;
                count < SamplesAtOnce && queue.TryDequeue(out var series);
                count += series.Samples.Count
            )
            {
                waiting -= series.Samples.Count;
                batch.Add(ExternalLabels.Count == 0 ? series : series with { Labels = Labelled(series.Labels) });
            }
        }
        return batch;
    }

    private Labels Labelled(Labels labels) =>
        Labels.Of(ExternalLabels.Where(one => labels[one.Name].Length == 0).Concat(labels));

    private async Task SendAsync(List<SeriesSamples> batch, CancellationToken stop)
    {
        var body = RemoteMessages.Write(batch);
        var count = batch.Sum(one => one.Samples.Count);
        for (var pause = PauseMin; ; pause = pause * 2 < PauseMax ? pause * 2 : PauseMax)
        {
            var (status, wait, why) = await RemoteHttp.PostAsync(http, address.Url, body, stop);
            if (status is >= 200 and < 300)
            {
                Count(ref sent, count);
                return;
            }
            if (status is >= 400 and < 500 and not (int)HttpStatusCode.TooManyRequests)
            {
                Count(ref refused, count);
                Log.RemoteRefused(log, address.ToString(), status, count, why);
                return;
            }
            if (pause == PauseMin)
            {
                Log.RemoteWaits(log, address.ToString(), why);
            }
            await Task.Delay(wait is { } asked && asked > pause ? Least(asked, PauseMax) : pause, world.Clock, stop);
        }
    }

    private void Count(ref long counter, int count)
    {
        lock (gate)
        {
            counter += count;
        }
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}

/// <summary>Posts to a store by remote write and read.</summary>
internal static class RemoteHttp
{
    private const int WhyLettersMax = 300;

    public static HttpClient Open(RemoteAddress address, TimeSpan most)
    {
        var http = new HttpClient(
            new SocketsHttpHandler
            {
                UseCookies = false,
                ActivityHeadersPropagator = null,
                AutomaticDecompression = DecompressionMethods.GZip,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                ConnectCallback = (context, stop) =>
                    OutboundGuard.ConnectAsync(context.DnsEndPoint, AddressKind.Inside, stop),
            }
        )
        {
            Timeout = most,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Fairlead");
        http.DefaultRequestHeaders.Authorization = address.Login;
        return http;
    }

    /// <returns>The status, 0 when there was no answer; how long to wait as the other said; and why it did not take it.</returns>
    public static async Task<(int Status, TimeSpan? Wait, string Why)> PostAsync(
        HttpClient http,
        Uri url,
        byte[] body,
        CancellationToken stop
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = Content(body) };
        request.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            return response.IsSuccessStatusCode
                ? ((int)response.StatusCode, null, "")
                : ((int)response.StatusCode, response.Headers.RetryAfter?.Delta, await WhyAsync(response, stop));
        }
        catch (Exception caught)
            when (caught is HttpRequestException or IOException
                || (caught is OperationCanceledException && !stop.IsCancellationRequested)
            )
        {
            return (0, null, caught.GetBaseException().Message);
        }
    }

    public static ByteArrayContent Content(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        return content;
    }

    /// <summary>What the other said of it, on one line.</summary>
    public static async Task<string> WhyAsync(HttpResponseMessage response, CancellationToken stop)
    {
        await using var body = await response.Content.ReadAsStreamAsync(stop);
        var bytes = new byte[WhyLettersMax];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, stop);
        var said = System.Text.Encoding.UTF8.GetString(bytes, 0, length).ReplaceLineEndings(" ").Trim();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"It answered {(int)response.StatusCode}{(said.Length == 0 ? "" : ": ")}{said}"
        );
    }
}
