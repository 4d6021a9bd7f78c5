using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.ComposeFiles.Exporting;

/// <summary>Writes an app as a Compose file that runs with nothing of Fairlead.</summary>
internal static class ComposeExport
{
    private const int FirstPort = 8080;

    /// <param name="Compose">The file's text.</param>
    /// <param name="Warnings">What Compose cannot do, or must be given.</param>
    public sealed record Answer(string Compose, IReadOnlyList<string> Warnings);

    public static Answer Run(LoadedApp app, IFileTree tree)
    {
        var warnings = new List<string>();
        var ports = app.Services.ToDictionary(
            static one => one.Service.Name,
            static one => one.Service.IsStatic ? FirstPort : one.Service.Port ?? ContainerSettings.UsualPort
        );
        var export = new ServiceExport(app, ports);
        var services = new JsonObject();
        foreach (var loaded in app.Services)
        {
            services[loaded.Service.Name] = export.Of(loaded);
            if (VolumeOwner.Of(app, loaded.Service) is { } owner)
            {
                var name = VolumeOwner.Name(loaded.Service);
                services[name] = owner;
                var conditions = services[loaded.Service.Name]!["depends_on"] as JsonObject ?? [];
                conditions[name] = new JsonObject { ["condition"] = "service_completed_successfully" };
                services[loaded.Service.Name]!["depends_on"] ??= conditions;
            }
        }
        var compose = new JsonObject { ["name"] = $"{app.App}-{app.Site.Environment}", ["services"] = services };
        Front(app, export, ports, compose);
        Declared(app, compose);
        warnings.AddRange(Warnings(app, tree));
        // Compose fills in variables, so a dollar sign of a value is written twice; a zero byte stands for one that is meant.
        var whole = (JsonObject)Escaped(compose)!;
        var text =
            $"# {app.Site}, written by 'fairlead compose export'. Start it: docker compose up --build\n{YamlLines.Of(whole)}";
        return new(text, warnings);
    }

    private static void Front(LoadedApp app, ServiceExport export, Dictionary<string, int> ports, JsonObject compose)
    {
        List<Service> front = [.. app.Services.Select(static one => one.Service).Where(static one => one.TakesTraffic)];
        var services = compose["services"]!.AsObject(); // It was just made.
        if (front is [{ Replicas: 1, Routes: ["/"] } only])
        {
            services[only.Name]!["ports"] = new JsonArray($"127.0.0.1:{FirstPort}:{ports[only.Name]}");
        }
        else if (front.Count > 0)
        {
            var name = ports.ContainsKey("edge") ? "fairlead-edge" : "edge";
            services[name] = EdgeExport.Service(name, front.Select(one => (one, export.HealthOf(one) is not null)));
            compose["configs"] = new JsonObject
            {
                [EdgeExport.ConfigName] = new JsonObject { ["content"] = EdgeExport.Config(front, ports) },
            };
        }
    }

    private static void Declared(LoadedApp app, JsonObject compose)
    {
        var volumes = new JsonObject();
        var secrets = new JsonObject();
        foreach (var service in app.Services.Select(static one => one.Service))
        {
            foreach (var name in service.Container?.Volumes?.Keys ?? [])
            {
                volumes[ServiceExport.VolumeName(app, service, name)] = new JsonObject();
            }
            foreach (var secret in service.Secrets?.Where(static one => one.IsFile) ?? [])
            {
                secrets[secret.Secret] = new JsonObject { ["file"] = $"./secrets/{secret.Secret}" };
            }
        }
        if (volumes.Count > 0)
        {
            compose["volumes"] = volumes;
        }
        if (secrets.Count > 0)
        {
            compose["secrets"] = secrets;
        }
    }

    private static IEnumerable<string> Warnings(LoadedApp app, IFileTree tree)
    {
        yield return "Compose replaces services by stopping them: requests are lost meanwhile, and nothing is taken back by itself.";
        foreach (var loaded in app.Services)
        {
            var service = loaded.Service;
            if (loaded.StrategyKind is not ("rolling" or "recreate") && service.TakesTraffic)
            {
                yield return $"{service.Name}: Compose has no strategy '{loaded.StrategyKind}'.";
            }
            if (service.Gateway is not null || service.Traffic is not null)
            {
                yield return $"{service.Name}: what the edge does (gateway, traffic) is not in the file.";
            }
            if (service.Job is not null)
            {
                yield return $"{service.Name}: it is a job, and Compose has no schedules: docker compose run --rm {service.Name}";
            }
            if (service.Idle is not null)
            {
                yield return $"{service.Name}: it always runs, since nobody could wake it.";
            }
            if (service.Scale is not null)
            {
                yield return $"{service.Name}: it has {service.Replicas} replicas whatever its load is, since Compose follows none.";
            }
            if (Images.Of(service) is null && !service.IsStatic && service.Container?.Image is null)
            {
                yield return $"{service.Name}: nothing tells which image it needs; {Images.Usual.Run} stands there. Say it: container: {{ base: IMAGE }}";
            }
            if (
                service.Container?.Image is null
                && tree.FileExists(service.Path == "." ? "Dockerfile" : $"{service.Path}/Dockerfile")
            )
            {
                yield return $"{service.Name}: its own Dockerfile is not used, since Fairlead builds without it. To use it, write: build: {(service.Path == "." ? "." : $"./{service.Path}")}";
            }
            foreach (var secret in service.Secrets ?? [])
            {
                yield return secret.IsFile
                    ? $"{service.Name}: put the secret {secret.Secret} into ./secrets/{secret.Secret}, readable by its user, and keep the folder out of the repository."
                    : $"{service.Name}: put the secret {secret.Secret} into .env beside the file, and keep that out of the repository.";
            }
        }
        if (app.Tls is not null || app.Protection is not null || app.Security is not null)
        {
            yield return "TLS, approvals and scans are Fairlead's own: they are not in the file.";
        }
    }

    private static JsonNode? Escaped(JsonNode? node) =>
        node switch
        {
            JsonObject group => new JsonObject(
                group.Select(static one => KeyValuePair.Create(one.Key, Escaped(one.Value)))
            ),
            JsonArray list => new JsonArray([.. list.Select(Escaped)]),
            JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => value
                .GetValue<string>()
                .Replace("$", "$$", StringComparison.Ordinal)
                .Replace('\0', '$'),
            _ => node?.DeepClone(),
        };
}
