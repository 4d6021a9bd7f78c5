using System.Globalization;
using System.Net;
using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Intake;
using Fairlead.Faces.Prometheus;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fairlead.Bench.Telemetry;

/// <summary>The store alone behind the door that takes telemetry: what is measured beside other stores.</summary>
internal static class MetricServer
{
    public static async Task<int> RunAsync(string folder, string port)
    {
        var world = new World(TimeProvider.System, new Random());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture))
        );
        var app = builder.Build();
        await using var store = MetricStore.Open(
            folder,
            new MetricStoreSettings { SeriesMax = 1_000_000, SeriesOfMetricMax = 1_000_000 },
            world,
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Fairlead.Metrics")
        );
        IntakeFace.Map(app, [new RemoteWriteIntake(store, new(), world)], _ => Source.Outside);
        using var desk = new MetricDesk(store, world);
        PrometheusFace.Map(app, (_, _) => Task.FromResult(desk), world);
        app.MapGet("/health", () => "ok");
        await app.RunAsync();
        return 0;
    }
}
