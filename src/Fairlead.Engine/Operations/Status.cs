using System.ComponentModel;
using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Certificates;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Where apps stand: what is live, what runs, what is under way.</summary>
public static class Status
{
    private static readonly TimeSpan GlassShownFor = TimeSpan.FromHours(24);

    public sealed record Input
    {
        [Description("App name; all apps when left out.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment; all of them when left out.")]
        public string? Environment { get; init; }
    }

    public sealed record Output(IReadOnlyList<AppView> Apps);

    /// <param name="Live">Number of the live release; null before the first.</param>
    /// <param name="Asleep">Services of which none runs until somebody asks.</param>
    /// <param name="Deployment">The one under way, or else the last one.</param>
    /// <param name="Warnings">What will take visitors away unless somebody acts, such as a certificate that ends unrenewed.</param>
    public sealed record AppView(
        string App,
        string Environment,
        int? Live,
        IReadOnlyList<string> Urls,
        IReadOnlyList<PartView> Parts,
        IReadOnlyList<InstanceView> Instances,
        IReadOnlyList<string> Asleep,
        IReadOnlyList<WarmView> Warm,
        DeploymentView? Deployment,
        IReadOnlyList<string> Warnings
    )
    {
        /// <summary>Services whose number of replicas follows their load; null where there are none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<ScaleView>? Scaled { get; init; }
    }

    public sealed record InstanceView(
        string Replica,
        InstanceState State,
        string? Endpoint,
        int Pid,
        int Restarts,
        string? Problem
    );

    public sealed record WarmView(string Part, DateTimeOffset Until);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "status",
            "Show what is live, what runs and what is under way.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead status", "fairlead status --json"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var all = await Sites.AllAsync(engine.Server, stop);
        var fitting = all.Where(one =>
                (input.App is null || one.Site.App == input.App)
                && (input.Environment is null || one.Site.Environment == input.Environment)
            )
            .ToList();
        if (fitting.Count == 0 && input.App is not null)
        {
            _ = await Sites.FindAsync(engine.Server, input.App, input.Environment, stop); // Says what is wrong.
        }
        var views = new List<AppView>();
        var warnings = await WarningsAsync(engine, stop);
        foreach (var record in fitting)
        {
            views.Add(await ViewAsync(engine.Server, record, [.. warnings[record.Site]], stop));
        }
        return new(views);
    }

    private static async Task<ILookup<Site, string>> WarningsAsync(EngineContext engine, CancellationToken stop)
    {
        try
        {
            return (await engine.Server.Certificates.ViewsAsync(stop))
                .Select(view => (view.Need.Site, Text: CertificatePlan.WarningOf(view, engine.World.Now)))
                .Where(one => one.Text is not null)
                .ToLookup(one => one.Site, one => one.Text!);
        }
        catch (ProblemException)
        {
            // The edge does not answer: what runs is shown all the same.
            return Enumerable.Empty<(Site Site, string Text)>().ToLookup(one => one.Site, one => one.Text);
        }
    }

    private static async Task<AppView> ViewAsync(
        ServerSide server,
        SiteRecord record,
        IReadOnlyList<string> warnings,
        CancellationToken stop
    )
    {
        var snapshot = server.Conductor.Look(record.Site);
        var deployments = await Sites.DeploymentsAsync(server, record.Site, stop);
        var shown =
            deployments.FirstOrDefault(one => one.Id == record.Active) ?? (deployments is [.., var last] ? last : null);
        var live = record.Live is { } number ? await Sites.ReleaseAsync(server, record.Site, number, stop) : null;
        return new AppView(
            record.Site.App,
            record.Site.Environment,
            record.Live,
            [.. (live?.Hosts ?? []).Select(host => DeploymentViews.UrlOf(server.PublicUrl, host))],
            snapshot is null ? [] : DeploymentViews.Parts(snapshot, live),
            [.. (snapshot?.Seen.Instances ?? []).Select(View)],
            [.. (snapshot?.Seen.Router.Routing.Services ?? []).Where(one => one.IsAsleep).Select(one => one.Service)],
            [.. record.Warm.Select(warm => new WarmView(warm.Part.ToString(), warm.Until))],
            shown is null ? null : await DeploymentViews.OfAsync(server, shown, stop),
            [
                .. deployments
                    .Where(one => server.Conductor.Ports.World.Now - one.BrokenGlass?.At < GlassShownFor)
                    .Select(one =>
                        $"{one.BrokenGlass!.By} broke the glass for {one} at {one.BrokenGlass.At:u}: {one.BrokenGlass.Reason}"
                    ),
                .. warnings,
            ]
        )
        {
            Scaled =
                snapshot is not null && DeploymentViews.Scaled(snapshot, server.WhyScaled) is { Count: > 0 } scaled
                    ? scaled
                    : null,
        };
    }

    private static InstanceView View(Instance instance) =>
        new(
            $"{instance.Key.Part}#{instance.Key.Slot}",
            instance.State,
            instance.Endpoint?.ToString(),
            instance.Pid,
            instance.Restarts,
            instance.Problem?.What
        );
}
