using System.Collections.Concurrent;
using System.Text;
using Fairlead.Drivers.Formats.Compression;
using Fairlead.Drivers.Formats.RemoteWrite;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Intakes;

/// <summary>
/// Takes metrics from Prometheus, its agents and vmagent by remote write 1.0. As the specification wants it: 204 when all is kept, 400
/// when some never will be (the rest is kept), 503 when it is worth sending again.
/// </summary>
public sealed class RemoteWriteIntake(IMetricStore store, MetricNotes notes, World world) : IIntake
{
    private const int BytesMax = 32 << 20;

    // Senders are the replicas of what is deployed, so few; those of long ago are forgotten with all.
    private const int SendersMax = 2_000;

    private readonly ConcurrentDictionary<string, KnownLabels> senders = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Routes => ["POST /api/v1/write"];

    public async Task<IntakeAnswer> TakeAsync(IntakeRequest request, CancellationToken stop)
    {
        if (IsVersion2(request.Head))
        {
            return Plain(415, "Only remote write 1.0 is taken here; a sender of 2.0 falls back to it by itself.");
        }
        var batch = Read(request);
        notes.Tell(batch.Abouts.Where(static one => one.Name.Length > 0));
        var answer = await store.AppendAsync(batch.Series, stop);
        return AnswerTo(answer, batch);
    }

    private RemoteWriteBatch Read(IntakeRequest request)
    {
        try
        {
            using var body = SnappyBlock.Inflate(request.Body.Span, BytesMax);
            return RemoteWriteReader.Read(body.Bytes, KnownOf(request.Source));
        }
        catch (InvalidDataException caught)
        {
            throw new ProblemException(
                new Problem(
                    "metrics.unreadable",
                    What: "What was sent to /api/v1/write cannot be read.",
                    Why: caught.Message,
                    Fix: "Send remote write 1.0: protobuf, compressed with snappy, as Prometheus does."
                )
                {
                    Trouble = Trouble.WrongUse,
                },
                caught
            );
        }
    }

    private KnownLabels KnownOf(Source source)
    {
        // Not by the source itself: each request has its own.
        var stamp = string.Join('\n', source.Stamp);
        if (senders.TryGetValue(stamp, out var known))
        {
            return known;
        }
        if (senders.Count >= SendersMax)
        {
            senders.Clear();
        }
        lock (world)
        {
            known = new KnownLabels(source, world.Random.NextInt64());
        }
        return senders.GetOrAdd(stamp, known);
    }

    internal static IntakeAnswer AnswerTo(Appended answer, RemoteWriteBatch batch)
    {
        if (answer.Refused.Count == 0)
        {
            return IntakeAnswer.NoContent;
        }
        var reasons = string.Join(", ", answer.Refused.Select(one => $"{one.Key}: {one.Value}"));
        var text = $"{answer.Taken} of {batch.Samples} samples are kept, others never will be ({reasons}).";
        return answer.Refused.ContainsKey("metrics.disk-full")
            ? Plain(503, $"The disk is full; send them again ({reasons}).") with
            {
                Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Retry-After"] = "5" },
            }
            : Plain(400, text);
    }

    private static bool IsVersion2(IntakeHead head) =>
        head.Header("Content-Type")?.Contains("io.prometheus.write.v2", StringComparison.Ordinal) == true;

    private static IntakeAnswer Plain(int status, string text) =>
        new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text + "\n"));
}
