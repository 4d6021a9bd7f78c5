using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Reads a folder into what could become a release.</summary>
internal static class Candidates
{
    /// <param name="sets">Overrides such as <c>api.env.FAULT=errors</c>.</param>
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
        var needs = new SecretNeeds(engine.Server, app.Site);
        foreach (var loaded in app.Services)
        {
            var service = loaded.Service;
            var strategy = loaded.Strategy;
            var env = new Dictionary<string, string>(service.Env);
            foreach (var setting in settings.Where(one => one.Service == service.Name))
            {
                env[setting.Key] = setting.Value;
            }
            var whole = service with { Env = env, IsExclusive = service.IsExclusive || strategy.IsExclusive };
            whole = whole with { Secrets = await needs.PinAsync(whole, stop) };
            var artifact = await builder.DigestAsync(new BuildOrder(app.Site.App, tree.Root, whole), stop);
            services.Add(new CandidateService(whole, artifact, AllStrategies.Choice(strategy)));
        }
        needs.ThrowIfMissing();
        return (
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
            app.Warnings
        );
    }

    /// <summary>What a kind of target can do: in containers, ports are each one's own.</summary>
    public static TargetAbilities AbilitiesOf(TargetKind kind, TargetAbilities machine) =>
        kind is TargetKind.Docker or TargetKind.Kubernetes ? machine with { FixedPortsOverlap = true } : machine;

    /// <summary>Reads manifests, completed by what is detected.</summary>
    public static ManifestLoader Loader(Func<TargetKind, TargetAbilities> abilities) =>
        new(Detection.DetectService, Detection.DetectApp, abilities);

    /// <summary>One <c>--set service.env.NAME=value</c>.</summary>
    private sealed record Setting(string Service, string Key, string Value)
    {
        public static Setting Read(string text, LoadedApp app)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var words = equals > 0 ? text[..equals].Split('.') : [];
            if (words is not [var service, "env", var key] || key.Length == 0)
            {
                throw Wrong(text, "It has to be of the form service.env.NAME=value.");
            }
            return app.Services.Any(one => one.Service.Name == service)
                ? new(service, key, text[(equals + 1)..])
                : throw Wrong(
                    text,
                    $"The app has no service '{service}', only: {string.Join(", ", app.Services.Select(one => one.Service.Name))}."
                );
        }

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
