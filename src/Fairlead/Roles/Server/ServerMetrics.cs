using Fairlead.Drivers.Formats.Exposition;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching;
using Fairlead.Faces.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Roles.Server;

/// <summary>Fairlead's own metrics for other Prometheus servers: <c>GET /metrics</c> shows all three roles' in one page.</summary>
internal static class ServerMetrics
{
    private const string OwnPath = "/metrics/own";

    /// <param name="measure">What only this server counts.</param>
    public static void Map(WebApplication app, Collecting collecting, Action<MetricPage> measure, World world)
    {
        var role = new RolePage("server", world);
        MetricPage Own()
        {
            var page = role.Begin();
            measure(page);
            return page;
        }
        app.MapGet(OwnPath, () => RolePage.Answer(Own())).WithMetadata(EndpointPolicy.OnAll(Permission.Watch));
        app.MapGet(
                RolePage.Path,
                async (HttpRequest request, CancellationToken stop) =>
                {
                    var page = Own();
                    foreach (var target in new[] { OwnTargets.Edge, OwnTargets.Node })
                    {
                        Add(page, await AskAsync(collecting, target, stop));
                    }
                    var dialect = ExpositionMedia.For(request.Headers.Accept);
                    return Results.Text(
                        ExpositionWriter.Write(page, dialect),
                        dialect is ExpositionDialect.OpenMetrics
                            ? ExpositionMedia.OpenMetrics
                            : ExpositionMedia.Prometheus
                    );
                }
            )
            .WithMetadata(EndpointPolicy.OnAll(Permission.Watch));
    }

    // A role that does not answer is missing from the page: whoever looks at its series sees that they end.
    private static async Task<MetricPage> AskAsync(Collecting collecting, ScrapeTarget target, CancellationToken stop)
    {
        try
        {
            return await collecting.Scrapes.ScrapeAsync(target, stop);
        }
        catch (ProblemException)
        {
            return new MetricPage();
        }
    }

    private static void Add(MetricPage page, MetricPage more)
    {
        foreach (var about in more.Abouts.Values)
        {
            page.Describe(about);
        }
        foreach (var sample in more.Samples)
        {
            page.Add(sample);
        }
    }
}
