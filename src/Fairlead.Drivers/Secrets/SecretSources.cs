using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Secrets;

/// <summary>
/// Reads HashiCorp Vault's and OpenBao's key-value engine, version 2: <c>vault:secret/data/shop#password</c>. Where and as whom it
/// asks is in the variables that their own tools read: VAULT_ADDR, VAULT_TOKEN and VAULT_NAMESPACE, of the server.
/// </summary>
/// <param name="variable">Reads the server's environment.</param>
public sealed class VaultSource(HttpClient http, Func<string, string?> variable, World world) : ISecretSource
{
    private const int AnswerBytesMax = 1 << 20;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    public string Kind => "vault";

    public async Task<Secret> ReadAsync(SecretReference reference, CancellationToken stop)
    {
        if (
            variable("VAULT_TOKEN") is not { Length: > 0 } token
            || !Uri.TryCreate(variable("VAULT_ADDR"), UriKind.Absolute, out var server)
        )
        {
            throw new ProblemException(
                Wrong(
                    reference,
                    "The server needs the variables VAULT_ADDR and VAULT_TOKEN.",
                    "Start Fairlead with them."
                )
            );
        }
        var path = string.Join('/', reference.Path.Split('/').Select(Uri.EscapeDataString));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, $"/v1/{path}"));
        request.Headers.Add("X-Vault-Token", token);
        request.Headers.Add("X-Vault-Request", "true");
        if (variable("VAULT_NAMESPACE") is { Length: > 0 } space)
        {
            request.Headers.Add("X-Vault-Namespace", space);
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = world.Clock.CreateTimer(_ => limit.Cancel(), null, AnswerLimit, Timeout.InfiniteTimeSpan);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var body = await BoundedBody.ReadAsync(response.Content, AnswerBytesMax, limit.Token);
            return response.StatusCode is HttpStatusCode.OK
                ? SecretFields.Read(reference, JsonNode.Parse(body)?["data"]?["data"])
                : throw new ProblemException(
                    Wrong(
                        reference,
                        $"{server.Authority} answered {(int)response.StatusCode}.",
                        $"See whether it is there and may be read: vault read {reference.Path}"
                    )
                );
        }
        catch (Exception caught) when (caught is HttpRequestException or IOException or JsonException)
        {
            throw new ProblemException(
                Wrong(reference, caught.GetBaseException().Message, $"See whether {server} can be reached from here."),
                caught
            );
        }
        catch (OperationCanceledException caught) when (!stop.IsCancellationRequested)
        {
            throw new ProblemException(
                Wrong(reference, $"It did not answer within {AnswerLimit.TotalSeconds} s.", "Try again."),
                caught
            );
        }
    }

    internal static Problem Wrong(SecretReference reference, string why, string fix) =>
        new("secret.not-read", What: $"{reference} could not be read.", Why: why, Fix: fix);
}

/// <summary>Reads AWS Secrets Manager: <c>aws:shop/database#password</c>.</summary>
/// <param name="open">Opens AWS by the server's variables.</param>
public sealed class AwsSecretsSource(Func<AwsJson> open) : ISecretSource
{
    public string Kind => "aws";

    public async Task<Secret> ReadAsync(SecretReference reference, CancellationToken stop)
    {
        var answer = await open()
            .AskAsync("secretsmanager", "GetSecretValue", new() { ["SecretId"] = reference.Path }, stop);
        return SecretFields.OfText(reference, answer["SecretString"]?.GetValue<string>() ?? "");
    }
}

/// <summary>Reads parameters of AWS Systems Manager, sealed ones too: <c>aws-ssm:/shop/database</c>.</summary>
/// <param name="open">Opens AWS by the server's variables.</param>
public sealed class AwsParametersSource(Func<AwsJson> open) : ISecretSource
{
    public string Kind => "aws-ssm";

    public async Task<Secret> ReadAsync(SecretReference reference, CancellationToken stop)
    {
        var answer = await open()
            .AskAsync(
                "AmazonSSM",
                "GetParameter",
                new() { ["Name"] = reference.Path, ["WithDecryption"] = true },
                stop
            );
        return SecretFields.OfText(reference, answer["Parameter"]?["Value"]?.GetValue<string>() ?? "");
    }
}

/// <summary>Finds one field of what is kept together.</summary>
internal static class SecretFields
{
    public static Secret Read(SecretReference reference, JsonNode? kept)
    {
        var value =
            kept is not JsonObject fields ? null
            : reference.Field is { } field ? fields[field]
            : fields.Count == 1 ? fields.First().Value
            : null;
        return value switch
        {
            JsonValue text when text.GetValueKind() is JsonValueKind.String => Value(
                reference,
                text.GetValue<string>()
            ),
            null => throw new ProblemException(
                VaultSource.Wrong(
                    reference,
                    reference.Field is null ? "It has several fields." : "It has no such field.",
                    $"Name one of its fields: {reference.Kind}:{reference.Path}#FIELD"
                )
            ),
            _ => Value(reference, value.ToJsonString()),
        };
    }

    /// <summary>A text, or a field of it where one is named.</summary>
    public static Secret OfText(SecretReference reference, string text)
    {
        if (reference.Field is null)
        {
            return Value(reference, text);
        }
        try
        {
            return Read(reference, JsonNode.Parse(text));
        }
        catch (JsonException caught)
        {
            throw new ProblemException(
                VaultSource.Wrong(reference, "It is not JSON, so it has no fields.", $"Leave out #{reference.Field}."),
                caught
            );
        }
    }

    public static Secret Value(SecretReference reference, string text) =>
        Secret.FaultOf(text) is { } fault
            ? throw new ProblemException(VaultSource.Wrong(reference, fault, "Keep a longer value there."))
            : new(text);
}
