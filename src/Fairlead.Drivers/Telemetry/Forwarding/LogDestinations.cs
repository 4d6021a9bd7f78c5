using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Forwarding;

/// <summary>The systems that logs can be passed on to. To add one: its file here and its line below.</summary>
/// <param name="variable">Reads the server's environment, where secrets are.</param>
public sealed class LogDestinations(Func<string, string?> variable, World world) : IDisposable
{
    private readonly HttpClient http = new(OutboundGuard.Handler(AddressKind.Inside))
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public static IReadOnlyList<string> Kinds { get; } = ["cloudwatch", "elastic", "otlp"];

    /// <summary>Made of settings whose kind is one of <see cref="Kinds"/>.</summary>
    public ILogDestination Open(LogForwarding settings)
    {
        var sending = new Sending(settings.Name, http, world);
        return settings.Kind switch
        {
            "cloudwatch" => new CloudWatchLogs(settings, () => Keys(settings), sending),
            "elastic" => new ElasticBulk(settings, () => Secret(settings), sending),
            _ => new OtlpLogs(settings, () => Secret(settings), sending),
        };
    }

    public void Dispose() => http.Dispose();

    private string? Secret(LogForwarding settings) =>
        settings.SecretVariable is not { } name ? null
        : variable(name) is { Length: > 0 } value ? value
        : throw new ProblemException(Missing(settings.Name, name));

    private AwsKeys Keys(LogForwarding settings) =>
        new(Required("AWS_ACCESS_KEY_ID"), Required(settings.SecretVariable ?? "AWS_SECRET_ACCESS_KEY"))
        {
            SessionToken = variable("AWS_SESSION_TOKEN") is { Length: > 0 } token ? token : null,
        };

    private string Required(string name) =>
        variable(name) is { Length: > 0 } value ? value : throw new ProblemException(Missing("CloudWatch", name));

    private static Problem Missing(string forwarding, string name) =>
        new(
            "forwarding.no-secret",
            What: $"Logs cannot be passed on to {forwarding}.",
            Why: $"The server's environment has no {name}.",
            Fix: $"Set {name} where 'fairlead up' is started, and start it again."
        );
}
