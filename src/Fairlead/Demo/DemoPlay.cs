using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Demo;

/// <summary>
/// What people would do in the apps of a demo: they deploy, now and then something that is not well, and open and close incidents. All of it by
/// operations, as everybody else.
/// </summary>
/// <param name="folder">Where the apps' folders are.</param>
internal sealed class DemoPlay(EngineContext engine, string folder) : IBackgroundWork
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    // What comes after the apps are up, again and again: most of it is well.
    private static readonly (string App, string Environment, string Manner)[] Acts =
    [
        ("storefront", "production", "ms=47"),
        ("ledger", "production", "ms=30"),
        ("payments", "production", "errors=9 ms=58"),
        ("search", "production", "ms=38"),
        ("accounts", "staging", "ms=44"),
        ("blog", "production", "ms=25"),
    ];

    private readonly Gatekeeper gatekeeper = new(engine);

    public string Name => "demo";

    public async Task RunAsync(CancellationToken stop)
    {
        await BeginAsync(stop);
        await new DemoPeople(AskAsync).BeginAsync(stop);
        for (var turn = 0; ; turn++)
        {
            var (app, environment, manner) = Acts[turn % Acts.Length];
            await DeployAsync(
                DemoApps.All.First(one => one.Name == app),
                environment,
                $"{manner} turn={engine.World.Now.ToUnixTimeSeconds()}",
                stop
            );
            if (app == "payments")
            {
                await TroubleAsync(stop);
            }
            // The first ones come together, so that there is much to be seen at once.
            await Task.Delay(turn < 3 ? TimeSpan.FromSeconds(6) : Between, engine.World.Clock, stop);
        }
    }

    /// <summary>Every app gets a first release, where it has none yet.</summary>
    private async Task BeginAsync(CancellationToken stop)
    {
        foreach (var app in DemoApps.All)
        {
            foreach (var environment in app.Environments)
            {
                if (!await IsLiveAsync(app.Name, environment, stop))
                {
                    await DeployAsync(app, environment, "", stop);
                    await ApproveAsync(app.Name, environment, stop);
                }
            }
        }
        foreach (var app in DemoApps.All)
        {
            while (!await IsLiveAsync(app.Name, app.Environments[^1], stop))
            {
                await ApproveAsync(app.Name, app.Environments[^1], stop);
                await Task.Delay(Look, engine.World.Clock, stop);
            }
        }
    }

    private async Task<bool> IsLiveAsync(string app, string environment, CancellationToken stop) =>
        (await StatusAsync(stop)).Any(one =>
            (string?)one!["app"] == app && (string?)one["environment"] == environment && one["live"] is not null
        );

    private async Task<JsonArray> StatusAsync(CancellationToken stop) =>
        (await AskAsync(Status.Operation, [], who: null, stop))?["apps"]?.AsArray() ?? [];

    // Only the first one: what comes later waits for whoever looks.
    private async Task ApproveAsync(string app, string environment, CancellationToken stop)
    {
        var waiting = (await StatusAsync(stop)).FirstOrDefault(one =>
            (string?)one!["app"] == app
            && (string?)one["environment"] == environment
            && (string?)one["deployment"]?["phase"] == "awaiting-approval"
        );
        if ((string?)waiting?["deployment"]?["id"] is { } id)
        {
            await AskAsync(
                Approve.Operation,
                new JsonObject { ["deployment"] = id, ["reason"] = "the first release of a demo" },
                "Noor",
                stop
            );
        }
    }

    private async Task DeployAsync(DemoApps.App app, string environment, string manner, CancellationToken stop)
    {
        var version = (int)(engine.World.Now.ToUnixTimeSeconds() % 1_000_000);
        var made = DemoApps.Write(folder, app, manner.Length == 0 ? 1 : version, manner);
        await AskAsync(
            Deploy.Operation,
            new JsonObject { ["folder"] = made, ["environment"] = environment },
            app.Name.Length % 2 == 0 ? "Sam" : "Ida",
            stop
        );
    }

    private async Task TroubleAsync(CancellationToken stop)
    {
        var open = await AskAsync(ListIncidents.Operation, [], who: null, stop);
        if (open?["incidents"] is JsonArray { Count: > 0 } all)
        {
            await AskAsync(
                ResolveIncident.Operation,
                new JsonObject { ["incident"] = all[^1]!["incident"]!.DeepClone() },
                "Ida",
                stop
            );
            return;
        }
        await AskAsync(
            OpenIncident.Operation,
            new JsonObject
            {
                ["title"] = "Card payments fail for some customers",
                ["app"] = "payments",
                ["environment"] = "production",
                ["severity"] = "major",
                ["services"] = new JsonArray("gateway"),
            },
            "Sam",
            stop
        );
    }

    /// <summary>Null when it could not be done: the play goes on, as people would.</summary>
    private async Task<JsonNode?> AskAsync(Operation operation, JsonObject input, string? who, CancellationToken stop)
    {
        var caller = who is null
            ? Principal.Owner
            : new Principal(PrincipalKind.Person, $"demo-{who}", who) { Grants = [new("owner")] };
        try
        {
            return await gatekeeper.RunAsync(operation, input, caller, stop);
        }
        catch (ProblemException)
        {
            return null;
        }
    }
}
