using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Aws;

/// <summary>Asks services of AWS that speak its JSON 1.1 or its query protocol: signed, bounded, with failures as problems.</summary>
/// <param name="endpoint">Where all of AWS is instead, such as an emulator; null for AWS itself.</param>
public sealed class AwsJson(HttpClient http, Func<AwsKeys> keys, string region, Uri? endpoint, World world)
{
    private const int AnswerBytesMax = 1 << 20;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    /// <summary>Opens AWS by the variables and files that all its tools read, of the server's own environment.</summary>
    /// <exception cref="ProblemException">When asked: there are no credentials.</exception>
    public static AwsJson Of(HttpClient http, Func<string, string?> variable, string? region, World world)
    {
        var chain = new AwsKeyChain(variable);
        return new(
            http,
            chain.Keys,
            region ?? chain.Region() ?? "us-east-1",
            variable("AWS_ENDPOINT_URL") is { Length: > 0 } url ? new Uri(url) : null,
            world
        );
    }

    /// <summary>JSON 1.1.</summary>
    /// <param name="target">The service as its API names it: TrentService, secretsmanager or AmazonEC2ContainerRegistry_V20150921.</param>
    /// <exception cref="ProblemException">It cannot be reached, or refuses.</exception>
    public async Task<JsonNode> AskAsync(string target, string action, JsonObject body, CancellationToken stop)
    {
        var (service, host) = target switch
        {
            "TrentService" => ("kms", "kms"),
            "AmazonEC2ContainerRegistry_V20150921" => ("ecr", "api.ecr"),
            "AmazonSSM" => ("ssm", "ssm"),
            _ => (target, target),
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf(service, $"{host}.{region}"));
        request.Headers.Add("X-Amz-Target", $"{target}.{action}");
        request.Content = new ByteArrayContent(bytes);
        request.Content.Headers.ContentType = new("application/x-amz-json-1.1");
        var answer = await SendAsync(request, (bytes, service), action, stop);
        try
        {
            return JsonNode.Parse(answer) ?? throw new JsonException("It is empty.");
        }
        catch (JsonException caught)
        {
            throw new ProblemException(Refused(service, action, caught.Message), caught);
        }
    }

    /// <summary>IAM's query protocol, which has no region.</summary>
    /// <exception cref="ProblemException">It cannot be reached, or refuses.</exception>
    public async Task<XElement> AskIamAsync(
        string action,
        IReadOnlyDictionary<string, string> fields,
        CancellationToken stop
    )
    {
        var words = fields.Append(new("Action", action)).Append(new("Version", "2010-05-08"));
        var bytes = Encoding.UTF8.GetBytes(
            string.Join('&', words.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"))
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, AddressOf("iam", "iam"));
        request.Content = new ByteArrayContent(bytes);
        request.Content.Headers.ContentType = new("application/x-www-form-urlencoded");
        var answer = await SendAsync(request, (bytes, "iam"), action, stop);
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(answer));
            return XElement.Load(reader);
        }
        catch (XmlException caught)
        {
            throw new ProblemException(Refused("iam", action, caught.Message), caught);
        }
    }

    private Uri AddressOf(string service, string host) => endpoint ?? new($"https://{host}.amazonaws.com/");

    private async Task<byte[]> SendAsync(
        HttpRequestMessage request,
        (byte[] Body, string Service) sent,
        string action,
        CancellationToken stop
    )
    {
        new AwsSignature(keys(), sent.Service == "iam" ? "us-east-1" : region, sent.Service).Sign(
            request,
            sent.Body,
            world.Now
        );
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = world.Clock.CreateTimer(_ => limit.Cancel(), null, AnswerLimit, Timeout.InfiniteTimeSpan);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await BoundedBody.ReadAsync(response.Content, AnswerBytesMax, limit.Token);
            return response.IsSuccessStatusCode
                ? body
                : throw new ProblemException(
                    Refused(sent.Service, action, $"It answered {(int)response.StatusCode}: {Reason(body)}")
                );
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException)
        {
            throw new ProblemException(Unreachable(sent.Service, caught), caught);
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(Unreachable(sent.Service, caught), caught);
        }
    }

    // Only the words that AWS says: an answer could repeat what was sent.
    private static string Reason(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        try
        {
            if (text.StartsWith('{') && JsonNode.Parse(text) is JsonObject json)
            {
                return $"{json["__type"] ?? json["code"]}: {json["message"] ?? json["Message"]}";
            }
            using var reader = XmlReader.Create(new StringReader(text));
            var words = XElement.Load(reader).Descendants().Where(one => one.Name.LocalName is "Code" or "Message");
            return string.Join(": ", words.Select(one => one.Value));
        }
        catch (Exception caught) when (caught is JsonException or XmlException)
        {
            return "no reason that could be read";
        }
    }

    private static Problem Refused(string service, string action, string why) =>
        new(
            "aws.refused",
            What: $"AWS {service} did not do {action}.",
            Why: why,
            Fix: $"See what the server's credentials may do there: aws {service} help"
        );

    private static Problem Unreachable(string service, Exception caught) =>
        new(
            "aws.unreachable",
            What: $"AWS {service} does not answer.",
            Why: caught.GetBaseException().Message,
            Fix: "Check the region, and whether this machine reaches it."
        )
        {
            Trouble = Trouble.Unreachable,
        };
}
