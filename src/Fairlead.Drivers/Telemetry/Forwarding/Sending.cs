using System.Globalization;
using System.Net;
using System.Text;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Telemetry.Forwarding;

/// <summary>Asks another system, with a limit to its time and its answer.</summary>
/// <param name="name">What people call the forwarding.</param>
internal sealed class Sending(string name, HttpClient http, World world)
{
    private const int AnswerBytesMax = 8 << 20;
    private const int ShownMax = 300;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    public DateTimeOffset Now => world.Now;

    /// <exception cref="ProblemException">There was no answer in time.</exception>
    public async Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpRequestMessage request,
        CancellationToken stop
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = world.Clock.CreateTimer(_ => limit.Cancel(), null, AnswerLimit, Timeout.InfiniteTimeSpan);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await BoundedBody.ReadAsync(answer.Content, AnswerBytesMax, limit.Token);
            return (answer.StatusCode, Encoding.UTF8.GetString(body));
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new ProblemException(Away(request, caught.Message), caught);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(Away(request, $"No answer came within {AnswerLimit.TotalSeconds:0} s."), caught);
        }
    }

    /// <summary>An answer that may be another one later: too much at once, no rights yet, a fault of its own.</summary>
    public ProblemException Later(HttpStatusCode status, string body) =>
        new(
            new Problem(
                "forwarding.not-taken",
                What: $"Logs cannot be passed on to {name} now.",
                Why: string.Create(CultureInfo.InvariantCulture, $"It answered {(int)status}: {Shown(body)}"),
                Fix: "It is tried again; the logs are kept here meanwhile."
            )
        );

    /// <summary>The beginning of an answer.</summary>
    public static string Shown(string body) => body.Length <= ShownMax ? body : body[..ShownMax] + "...";

    /// <summary>Whether the same request will never be taken.</summary>
    public static bool IsForGood(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity;

    private Problem Away(HttpRequestMessage request, string why) =>
        new(
            "forwarding.away",
            What: $"Logs cannot be passed on to {name} now.",
            Why: $"{request.RequestUri!.Host} cannot be asked: {why}",
            Fix: "It is tried again; the logs are kept here meanwhile."
        );
}
