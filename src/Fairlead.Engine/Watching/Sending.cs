using System.Globalization;
using Fairlead.Model.Releases;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching;

/// <summary>
/// Tells what Fairlead starts where its telemetry goes, in the variables that OpenTelemetry's and Sentry's libraries read by
/// themselves, so that it comes in without any set-up. What the manifest says under one of these names wins.
/// </summary>
/// <param name="Url">Where the server answers, such as <c>http://127.0.0.1:8077</c>.</param>
public sealed record Sending(Uri Url, SourceKeys Keys)
{
    // Sentry's libraries want a project's number; the key alone says whose it is.
    private const int Project = 1;

    public IReadOnlyDictionary<string, string> EnvOf(InstanceKey key)
    {
        var (site, part) = (key.Site, key.Part);
        var secret = Keys.For(Source.Of(key));
        var number = part.Since.ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>
        {
            ["FAIRLEAD_URL"] = Url.GetLeftPart(UriPartial.Authority),
            ["FAIRLEAD_KEY"] = secret,
            ["FAIRLEAD_RELEASE"] = number,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = new Uri(Url, "/otlp").ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-fairlead-key={secret}",
            ["OTEL_SERVICE_NAME"] = part.Service,
            ["OTEL_RESOURCE_ATTRIBUTES"] = string.Join(
                ',',
                $"service.namespace={site.App}",
                $"service.version={number}",
                string.Create(CultureInfo.InvariantCulture, $"service.instance.id={part}#{key.Slot}"),
                $"deployment.environment.name={site.Environment}"
            ),
            ["SENTRY_DSN"] = string.Create(
                CultureInfo.InvariantCulture,
                $"{Url.Scheme}://{secret}@{Url.Authority}/{Project}"
            ),
            ["SENTRY_RELEASE"] = $"{site.App}@{number}",
            ["SENTRY_ENVIRONMENT"] = site.Environment,
        };
    }
}
