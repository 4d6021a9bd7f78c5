using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Engine.Operations;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Manifests;

/// <summary>A repository to read manifests in, with a detection that knows four stacks by one file each.</summary>
internal static class Shop
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly IReadOnlyDictionary<string, string> Files = new Dictionary<string, string>
    {
        ["api/api.csproj"] = "",
        ["billing/billing.csproj"] = "",
        ["legacy/legacy.php"] = "port 8080",
        ["mails/queue.py"] = "",
        ["notes/README.md"] = "",
        ["web/index.html"] = "",
    };

    public static ManifestLoader Loader { get; } =
        new(
            DetectService,
            DetectApp,
            kind => Candidates.AbilitiesOf(kind, new TargetAbilities(FixedPortsOverlap: false, ServesStaticFiles: true))
        );

    public static MemoryTree Tree(string? manifest) =>
        new(manifest is null ? Files : new Dictionary<string, string>(Files) { [ManifestFile.Name] = manifest });

    public static LoadedApp Load(string manifest, string? environment = null) =>
        Loader.Load(Tree(manifest), environment);

    /// <summary>What a person sees: the app with all its services, or all findings.</summary>
    public static string Answer(string manifest, string? environment = null)
    {
        try
        {
            return Text(Load(manifest, environment));
        }
        catch (ProblemException found)
        {
            return string.Join('\n', found.Problems);
        }
    }

    public static Detected? DetectService(IFileTree folder)
    {
        var name = folder.List(".") is [var first, ..] ? first : "";
        return Path.GetExtension(name) switch
        {
            ".csproj" => new(
                "aspnet",
                Kind.Api,
                new()
                {
                    Stack = "aspnet",
                    Needs = ["dotnet"],
                    Build =
                    [
                        ["dotnet", "publish", "-o", "{out}"],
                    ],
                    Run = ["dotnet", "app.dll"],
                },
                "/health",
                Port: null,
                [new(name, 1, "a web project of .NET")]
            ),
            ".php" => new(
                "php",
                Kind.Api,
                new()
                {
                    Stack = "php",
                    Output = ".",
                    Run = ["php", name],
                },
                HealthPath: null,
                Port: 8080,
                [new(name, 12, "listens on 8080")]
            ),
            ".py" => new(
                "python",
                Kind.Worker,
                new()
                {
                    Stack = "python",
                    Output = ".",
                    Run = ["python3", name],
                },
                HealthPath: null,
                Port: null,
                [new(name, Line: null, "a script")]
            ),
            ".html" => new(
                "static",
                Kind.Web,
                new() { Stack = "static", Output = "." },
                HealthPath: null,
                Port: null,
                [new(name, Line: null, "a page")]
            ),
            _ => null,
        };
    }

    public static DetectedApp DetectApp(IFileTree root) =>
        new(
            "shop",
            [
                .. root.List(".")
                    .Where(name => name is "api/" or "mails/" or "web/")
                    .Select(name => name.TrimEnd('/'))
                    .Select(name => new DetectedService(name, name, DetectService(root.Inside(name))!)),
            ]
        );

    private static string Text(LoadedApp app) =>
        string.Join(
            '\n',
            [
                $"{app.Site} of {string.Join(", ", app.Environments)} at {string.Join(", ", app.Hosts)}",
                .. app.Services.SelectMany(Lines),
                .. app.Watch is { } watch ? Lines(watch) : [],
                .. app.Warnings.Select(warning => $"warning: {warning}"),
            ]
        );

    private static IEnumerable<string> Lines(WatchSettings watch)
    {
        yield return $"rollback: {watch.Rollback}; off: {string.Join(' ', watch.Off)}";
        if (watch.Slo is { } slo)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"slo: {slo.Availability} available, {slo.Fast} within {slo.Within.TotalMilliseconds} ms"
            );
        }
        foreach (var rule in watch.Rules)
        {
            yield return $"{(rule.IsAlerting ? "alert" : "record")} {rule.Name}: {rule.Query} for {rule.For.Text} keep {rule.KeepFiringFor.Text} {string.Join(' ', rule.Labels.Concat(rule.Annotations).Select(one => $"{one.Key}=[{one.Value}]"))}";
        }
        foreach (var runbook in watch.Runbooks ?? [])
        {
            yield return $"runbook {runbook.Name} for {(runbook.For.Count == 0 ? "all" : string.Join(' ', runbook.For))}: {string.Join("; ", runbook.Steps.Select(one => $"[{one.Text}]{(one.Run is null ? "" : $" {one.Run} {string.Join(' ', one.With.Select(each => $"{each.Key}=[{each.Value}]"))}")}"))}";
        }
    }

    private static IEnumerable<string> Lines(LoadedService loaded)
    {
        var service = loaded.Service;
        var recipe = service.Recipe;
        yield return $"{service.Name}: {service.Kind} {recipe.Stack} in {service.Path} x{service.Replicas} by {loaded.StrategyKind}";
        yield return $"  build: {string.Join("; ", recipe.Build.Select(Words))} -> {recipe.Output ?? "{out}"}";
        yield return $"  run: {Words(recipe.Run)}";
        yield return $"  health: {Text(service.Health)}, start {service.Health.StartGrace.Text}";
        yield return $"  routes: {string.Join(' ', service.Routes)}";
        foreach (var more in More(service, loaded.Strategy))
        {
            yield return $"  {more}";
        }
    }

    private static IEnumerable<string> More(Service service, IStrategy strategy) =>
        new[]
        {
            (service.Port is { } port, $"port: {service.Port}"),
            (service.Uses.Count > 0, $"uses: {string.Join(' ', service.Uses)}"),
            (service.Env.Count > 0, $"env: {string.Join(' ', service.Env.Select(one => $"{one.Key}=[{one.Value}]"))}"),
            (service.Recipe.Needs.Count > 0, $"needs: {string.Join(' ', service.Recipe.Needs)}"),
            (service.Recipe.Inputs.Count > 0, $"inputs: {string.Join(' ', service.Recipe.Inputs)}"),
            (
                service.Limits != new Limits(),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"limits: cpu {service.Limits.Cpu} memory {service.Limits.Memory} pids {service.Limits.Pids}"
                )
            ),
            (true, $"times: stop {service.StopGrace.Text} drain {service.Drain.Text} keep {service.Keep.Text}"),
            (service.IsExclusive, "exclusive"),
            (service.Scale is not null, $"scale: {JsonSerializer.Serialize(service.Scale, Readable)}"),
            (service.Gateway is not null, $"gateway: {JsonSerializer.Serialize(service.Gateway, Readable)}"),
            (
                strategy is Canary,
                $"canary: {(strategy is Canary canary ? $"{string.Join(", ", canary.Shares)}; {string.Join(", ", canary.Gates ?? [])}; {canary.Judge}, {canary.Judge.FalseAlarms} false alarms, warm-up {canary.Judge.WarmUp.Text}; {canary.Hold.Text}; {canary.Quiet}" : "")}"
            ),
        }
            .Where(one => one.Item1)
            .Select(one => one.Item2);

    private static string Text(Health health) =>
        health switch
        {
            { Http: { } path } => $"http {path}",
            { Tcp: true } => "tcp",
            { Command.Count: > 0 } => $"command {Words(health.Command)}",
            _ => "none",
        } + $" every {health.Every.Text} within {health.Timeout.Text}";

    private static string Words(IReadOnlyList<string> words) => string.Join(' ', words.Select(word => $"[{word}]"));
}
