namespace Fairlead.Model.Telemetry;

/// <summary>Where logs are passed on to, and which.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Kind">otlp, elastic or cloudwatch.</param>
/// <param name="Url">Where it is asked.</param>
public sealed record LogForwarding(string Name, string Kind, Uri Url)
{
    /// <summary>Name of the server's environment variable that holds the key or token; null when none is needed.</summary>
    public string? SecretVariable { get; init; }

    /// <summary>Elasticsearch's index or data stream.</summary>
    public string Index { get; init; } = "logs-fairlead-default";

    /// <summary>CloudWatch's log group.</summary>
    public string Group { get; init; } = "fairlead";

    /// <summary>CloudWatch's log stream.</summary>
    public string Stream { get; init; } = "fairlead";

    /// <summary>AWS's region.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Only of this app; null for all.</summary>
    public string? App { get; init; }

    /// <summary>Only of this environment; null for all.</summary>
    public string? Environment { get; init; }

    /// <summary>At least as grave.</summary>
    public Severity Severity { get; init; }
}
