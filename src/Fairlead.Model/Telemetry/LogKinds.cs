namespace Fairlead.Model.Telemetry;

/// <summary>By which way a record came, as a label of its stream.</summary>
public static class LogKinds
{
    /// <summary>The label's name.</summary>
    public const string Label = "log";

    /// <summary>What an app wrote to its outputs.</summary>
    public const string Output = "output";

    /// <summary>A request, from the edge's access log.</summary>
    public const string Access = "access";

    public const string Otlp = "otlp";
    public const string Syslog = "syslog";
    public const string Loki = "loki";
    public const string Elastic = "elastic";
    public const string Sentry = "sentry";
}
