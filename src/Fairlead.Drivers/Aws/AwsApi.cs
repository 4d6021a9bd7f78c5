using System.Globalization;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Aws;

/// <summary>Asks AWS over HTTP: signed, bounded, and again while it is busy.</summary>
/// <param name="http">Connects only where it may.</param>
/// <param name="keys">Asked for each request, as credentials may end by themselves and be renewed in their file.</param>
/// <param name="variable">A variable's value; null when it is not set.</param>
public sealed class AwsApi(HttpClient http, Func<AwsKeys> keys, Func<string, string?> variable, World world) : IAws
{
    private const int AnswerBytesMax = 16 << 20;
    private const int TriesMax = 7;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(8);

    public required string Region { get; init; }

    /// <summary>Opens AWS by the variables and files that all its tools read, of the server's own environment.</summary>
    public static AwsApi Of(HttpClient http, Func<string, string?> variable, World world)
    {
        var chain = new AwsKeyChain(variable);
        return new(http, chain.Keys, variable, world) { Region = chain.Region() ?? "us-east-1" };
    }

    public Uri AddressOf(AwsCall call)
    {
        if (Elsewhere(call.Service) is { Length: > 0 } own)
        {
            return new($"{own.TrimEnd('/')}{(call.Bucket is null ? "" : $"/{call.Bucket}")}");
        }
        var region = call.Region ?? Region;
        var domain = region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        // The API of registries has a name of its own, beside the registries.
        var service = call.Service is "ecr" ? "api.ecr" : call.Service;
        var host = call.IsGlobal ? $"{service}.{domain}" : $"{service}.{region}.{domain}";
        // A name with dots fits no certificate, so it stands in the path.
        return call.Bucket is not { } bucket ? new($"https://{host}")
            : bucket.Contains('.', StringComparison.Ordinal) ? new($"https://{host}/{bucket}")
            : new($"https://{bucket}.{host}");
    }

    public async Task<AwsAnswer> AskAsync(AwsCall call, CancellationToken stop)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await AskOnceAsync(call, stop);
            if (answer.IsDone || answer.Status == 304)
            {
                return answer;
            }
            if (!AwsRefusals.IsBusy(answer))
            {
                return AwsRefusals.Of(call, answer) is { } problem ? throw new ProblemException(problem) : answer;
            }
            if (tries == TriesMax)
            {
                throw new ProblemException(AwsRefusals.TooOften(call, answer, tries));
            }
            await Task.Delay(PauseAfter(tries, world.Random), world.Clock, stop);
        }
    }

    /// <summary>Any time up to one that doubles, so that those who were turned away together do not come back together.</summary>
    internal static TimeSpan PauseAfter(int tries, Random random)
    {
        var most = Math.Min(PauseMax.TotalMilliseconds, PauseMin.TotalMilliseconds * Math.Pow(2, tries));
        return TimeSpan.FromMilliseconds(most * (0.25 + 0.75 * random.NextDouble()));
    }

    // AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2 and its like are by the names of its SDKs; the usual ones are those of signatures.
    private string? Elsewhere(string service) =>
        variable($"AWS_ENDPOINT_URL_{service.ToUpperInvariant().Replace('-', '_')}") is { Length: > 0 } own
            ? own
            : variable("AWS_ENDPOINT_URL");

    private async Task<AwsAnswer> AskOnceAsync(AwsCall call, CancellationToken stop)
    {
        var who = keys();
        using var request = new HttpRequestMessage(
            new HttpMethod(call.Method),
            $"{AddressOf(call).AbsoluteUri.TrimEnd('/')}{call.Path}"
        );
        foreach (var (name, value) in call.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        var body = call.Body.ToArray();
        if (body.Length > 0 || call.Method is "POST" or "PUT")
        {
            request.Content = new ByteArrayContent(body);
            if (call.ContentType is { } type)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            }
        }
        new AwsSignature(who, call.IsGlobal ? "us-east-1" : call.Region ?? Region, call.Service).Sign(
            request,
            body,
            world.Now
        );
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = world.Clock.CreateTimer(_ => limit.Cancel(), null, AnswerLimit, Timeout.InfiniteTimeSpan);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var answer = await BoundedBody.ReadAsync(response.Content, AnswerBytesMax, limit.Token);
            return AwsRefusals.Read(response, answer);
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new ProblemException(AwsRefusals.Unreachable(call, request.RequestUri!, caught), caught);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            var late = new TimeoutException(
                string.Create(CultureInfo.InvariantCulture, $"No answer came within {AnswerLimit.TotalSeconds:0} s.")
            );
            throw new ProblemException(AwsRefusals.Unreachable(call, request.RequestUri!, late), caught);
        }
    }
}
