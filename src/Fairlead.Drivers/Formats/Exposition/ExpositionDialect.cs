namespace Fairlead.Drivers.Formats.Exposition;

/// <summary>The text formats in which programs show their metrics.</summary>
public enum ExpositionDialect
{
    /// <summary>Prometheus's text format 0.0.4, and 1.0.0 with its quoted names: timestamps in milliseconds.</summary>
    Prometheus,

    /// <summary>OpenMetrics 1.0: timestamps in seconds, exemplars, and <c># EOF</c> at the end.</summary>
    OpenMetrics,
}

/// <summary>Says in HTTP which of the formats is meant.</summary>
public static class ExpositionMedia
{
    /// <summary>What a scraper accepts, the most telling first.</summary>
    public const string Accept =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        + "application/openmetrics-text;version=1.0.0;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    public const string Prometheus = "text/plain; version=0.0.4; charset=utf-8";

    public const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>The dialect of an answer. One that names no type, or plain text, is Prometheus's; null for what is neither, such as a page.</summary>
    public static ExpositionDialect? Of(string? contentType)
    {
        var type = (contentType ?? "").Split(';')[0].Trim();
        return string.Equals(type, "application/openmetrics-text", StringComparison.OrdinalIgnoreCase)
                ? ExpositionDialect.OpenMetrics
            : type.Length == 0 || string.Equals(type, "text/plain", StringComparison.OrdinalIgnoreCase)
                ? ExpositionDialect.Prometheus
            : null;
    }

    /// <summary>What to answer to whoever accepts this.</summary>
    public static ExpositionDialect For(string? accept) =>
        (accept ?? "").Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase)
            ? ExpositionDialect.OpenMetrics
            : ExpositionDialect.Prometheus;
}
