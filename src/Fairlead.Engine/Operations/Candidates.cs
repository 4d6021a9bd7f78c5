using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Handoffs;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Agents;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Reads a folder into what could become a release.</summary>
internal static class Candidates
{
    /// <param name="sets">Overrides such as <c>api.env.FAULT=errors</c> or <c>api.replicas=3</c>.</param>
    public static async Task<(Deploying.Candidate Candidate, IReadOnlyList<string> Warnings)> ReadAsync(
        EngineContext engine,
        string folder,
        string? environment,
        IReadOnlyList<string> sets,
        CancellationToken stop
    )
    {
        var tree = engine.OpenFolder(folder);
        var app = Loader(kind => AbilitiesOf(kind, engine.Server.Conductor.Ports.Target.Abilities))
            .Load(tree, environment);
        var builder = engine.Server.Conductor.Ports.Builder;
        var services = new List<CandidateService>();
        var settings = sets.Select(set => Setting.Read(set, app)).ToList();
        var needs = new SecretNeeds(engine.Server, app.Site) { Databases = app.Databases };
        foreach (var loaded in app.Services)
        {
            var service = loaded.Service;
            var strategy = loaded.Strategy;
            var env = new Dictionary<string, string>(service.Env);
            foreach (var setting in settings.Where(one => one.Service == service.Name && one.Replicas is null))
            {
                env[setting.Key] = setting.Value;
            }
            var replicas = settings
                .LastOrDefault(one => one.Service == service.Name && one.Replicas is not null)
                ?.Replicas;
            var whole = service with
            {
                Replicas = replicas ?? service.Replicas,
                Env = env,
                IsExclusive = service.IsExclusive || strategy.IsExclusive,
            };
            whole = whole with { Secrets = await needs.PinAsync(whole, stop) };
            var artifact = await builder.DigestAsync(new BuildOrder(app.Site.App, tree.Root, whole), stop);
            services.Add(new CandidateService(whole, artifact, AllStrategies.Choice(strategy)));
        }
        needs.ThrowIfMissing();
        var accepted = await AcceptedAsync(engine, tree, app.Site, stop);
        return (
            HandoffGate.Apply(
                new Deploying.Candidate(app.Site, app.Hosts, tree.Root, services)
                {
                    Tls = app.Tls,
                    Security = app.Security,
                    Protection = app.Protection,
                    Watch = app.Watch,
                    Monitors = app.Monitors,
                    Databases = app.Databases,
                    Data = app.Services.SelectMany(one => one.Data).ToList() is { Count: > 0 } data ? data : null,
                },
                accepted,
                engine.World.Now
            ),
            app.Warnings
        );
    }

    private static async Task<IReadOnlyList<Handoff>> AcceptedAsync(
        EngineContext engine,
        IFileTree tree,
        Site site,
        CancellationToken stop
    ) =>
        [
            .. (
                await new HandoffBook(engine.Server.Store, () => engine.Server.Conductor.Fence).AllAsync(site, stop)
            ).Where(one =>
                one.State is HandoffState.Accepted
                // A result that is not as it was handed over opens nothing.
                && (one.Kind is not "gate-result" || HandoffSigning.Holds(one, engine.Scanning.Signer))
            ),
            .. HandoffGate.InSource(tree, site, engine.World.Now),
        ];

    /// <summary>What a kind of target can do: in containers, ports are each one's own.</summary>
    public static TargetAbilities AbilitiesOf(TargetKind kind, TargetAbilities machine) =>
        kind is TargetKind.Docker or TargetKind.Kubernetes ? machine with { FixedPortsOverlap = true } : machine;

    /// <summary>Reads manifests, completed by what is detected.</summary>
    public static ManifestLoader Loader(Func<TargetKind, TargetAbilities> abilities) =>
        new(Detection.DetectService, Detection.DetectApp, abilities);

    /// <summary>One <c>--set service.env.NAME=value</c> or <c>--set service.replicas=N</c>.</summary>
    private sealed record Setting(string Service, string Key, string Value)
    {
        private const int ReplicasMax = 100;

        /// <summary>How many there shall be; null where an environment variable is set.</summary>
        public int? Replicas { get; private init; }

        public static Setting Read(string text, LoadedApp app)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var words = equals > 0 ? text[..equals].Split('.') : [];
            if (words is [var scaled, "replicas"])
            {
                return Scaled(app, scaled, text[(equals + 1)..], text);
            }
            if (words is not [var service, "env", var key] || key.Length == 0)
            {
                throw Wrong(text, "It has to be of the form service.env.NAME=value or service.replicas=N.");
            }
            return app.Services.Any(one => one.Service.Name == service)
                ? new(service, key, text[(equals + 1)..])
                : throw Wrong(
                    text,
                    $"The app has no service '{service}', only: {string.Join(", ", app.Services.Select(one => one.Service.Name))}."
                );
        }

        private static Setting Scaled(LoadedApp app, string name, string value, string text) =>
            app.Services.FirstOrDefault(one => one.Service.Name == name) is not { } loaded
                ? throw Wrong(text, $"The app has no service '{name}'.")
            : loaded.Service.Scale is not null
                ? throw Wrong(
                    text,
                    $"The number of {name}'s replicas follows its load: change 'scale' in the manifest."
                )
            : int.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= ReplicasMax
                ? new(name, "replicas", value) { Replicas = count }
            : throw Wrong(text, $"There are 1 to {ReplicasMax} replicas.");

        private static ProblemException Wrong(string text, string why) =>
            new(
                new Problem(
                    "input.wrong-set",
                    What: $"--set cannot be read: {text.Split('=')[0]}",
                    Why: why,
                    Fix: "Write for example: --set api.env.LOG_LEVEL=debug"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
    }
}
