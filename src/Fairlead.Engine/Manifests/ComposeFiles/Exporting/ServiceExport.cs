using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.ComposeFiles.Exporting;

/// <summary>Writes one service as Compose's words.</summary>
internal sealed class ServiceExport(LoadedApp app, IReadOnlyDictionary<string, int> ports)
{
    private const string Folder = "/app";
    public const string Nobody = "65532:65532";

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public JsonObject Of(LoadedService loaded)
    {
        var service = loaded.Service;
        var written = new JsonObject();
        Artifact(service, written);
        if (!service.IsStatic)
        {
            Program(service, written);
        }
        Together(service, written);
        if (HealthOf(service) is { } health)
        {
            written["healthcheck"] = health;
        }
        written["deploy"] = Deploy(loaded);
        if (service.Limits.Pids is { } pids)
        {
            written["pids_limit"] = pids;
        }
        Rights(service, written);
        written["restart"] = "unless-stopped";
        if (!service.IsStatic)
        {
            written["stop_grace_period"] = HealthTest.ComposeTime(service.StopGrace);
        }
        return written;
    }

    public JsonObject? HealthOf(Service service) =>
        service.IsStatic
            ? HealthTest.Of(service with { Health = new() { Tcp = true } }, ports[service.Name])
            : HealthTest.Of(service, ports[service.Name]);

    /// <summary>Where its files come from: the folder as it stands, or a build of it.</summary>
    private static void Artifact(Service service, JsonObject written)
    {
        if (service.Container?.Image is { } ready)
        {
            written["image"] = ready;
            return;
        }
        var images = Images.Of(service) ?? Images.Usual;
        var run = service.IsStatic ? Images.Pages : images.Run;
        var target = service.IsStatic ? "/usr/share/nginx/html" : Folder;
        if (service.Recipe is { Build: [], Output: { } output })
        {
            var source = Combined(service.Path, output);
            written["image"] = run;
            written["volumes"] = new JsonArray($"{source}:{target}:ro");
            return;
        }
        written["build"] = new JsonObject
        {
            ["context"] = Combined(service.Path, "."),
            ["dockerfile_inline"] = Dockerfile(service, (images.Build, run), target),
        };
    }

    private static string Dockerfile(Service service, (string Build, string Run) images, string target)
    {
        var text = new StringBuilder($"FROM {images.Build} AS build\nWORKDIR /src\nCOPY . .\n");
        if (service.Recipe.Output is null)
        {
            text.Append("RUN mkdir /out\n");
        }
        foreach (var words in service.Recipe.Build)
        {
            text.Append(
                $"RUN {JsonSerializer.Serialize(words.Select(static word => word.Replace("{out}", "/out", StringComparison.Ordinal)), Readable)}\n"
            );
        }
        var made = service.Recipe.Output is { } output ? $"/src/{(output == "." ? "" : output)}" : "/out";
        text.Append(
            $"FROM {images.Run}\nWORKDIR {target}\nCOPY --from=build {JsonSerializer.Serialize(new[] { made.TrimEnd('/') + "/", "./" }, Readable)}\n"
        );
        return text.ToString();
    }

    private void Program(Service service, JsonObject written)
    {
        var port = ports[service.Name].ToString(CultureInfo.InvariantCulture);
        var words = new JsonArray([
            .. service.Recipe.Run.Select(word => (JsonNode)word.Replace("{port}", port, StringComparison.Ordinal)),
        ]);
        // A ready image knows itself where and how it is started; what 'run' says are its arguments then.
        if (service.Container?.Image is null)
        {
            written["working_dir"] = Folder;
            written["entrypoint"] = words;
            written["command"] = new JsonArray();
        }
        else if (words.Count > 0)
        {
            written["command"] = words;
        }
        // An image that listens nowhere is told of no port, or it would be taken for one that does.
        JsonObject environment = service is { TakesTraffic: false, Port: null, Container.Image: not null }
            ? []
            : new() { ["HOST"] = "0.0.0.0", ["PORT"] = port };
        foreach (var (name, value) in service.Env)
        {
            environment[name] = value;
        }
        foreach (var used in service.Uses.Where(ports.ContainsKey))
        {
            var name = used.ToUpperInvariant().Replace('-', '_');
            var other = app.Services.First(one => one.Service.Name == used).Service;
            if (other is { TakesTraffic: false, Port: { } own })
            {
                environment[$"{name}_HOST"] ??= used;
                environment[$"{name}_PORT"] ??= own.ToString(CultureInfo.InvariantCulture);
                environment[$"{name}_URL"] ??= $"tcp://{used}:{own}";
                continue;
            }
            environment[$"{name}_URL"] ??= $"http://{used}:{ports[used]}";
        }
        if (service.Secrets is { } secrets)
        {
            foreach (var secret in secrets)
            {
                // Compose gives files alone; a variable it takes from the shell, or from .env.
                environment[secret.Told] = secret.IsFile
                    ? $"/run/secrets/{secret.Secret}"
                    : $"\0{{{secret.Secret}:?set it in .env}}";
            }
            if (
                secrets.Where(static one => one.IsFile).Select(static one => (JsonNode)one.Secret).ToArray() is
                { Length: > 0 } files
            )
            {
                written["secrets"] = new JsonArray(files);
            }
        }
        if (environment.Count > 0)
        {
            written["environment"] = environment;
        }
    }

    private void Together(Service service, JsonObject written)
    {
        if (service.TakesTraffic)
        {
            written["expose"] = new JsonArray(ports[service.Name].ToString(CultureInfo.InvariantCulture));
        }
        if (service.Uses.Count > 0)
        {
            var conditions = new JsonObject();
            foreach (var used in service.Uses)
            {
                var other = app.Services.First(one => one.Service.Name == used).Service;
                conditions[used] = new JsonObject
                {
                    ["condition"] = HealthOf(other) is null ? "service_started" : "service_healthy",
                };
            }
            written["depends_on"] = conditions;
        }
    }

    private static JsonObject Deploy(LoadedService loaded)
    {
        var service = loaded.Service;
        var deploy = new JsonObject { ["replicas"] = service.Replicas };
        var limits = new JsonObject();
        if (service.Limits.Cpu is { } cpu)
        {
            limits["cpus"] = cpu.ToString(CultureInfo.InvariantCulture);
        }
        if (service.Limits.Memory is { } memory)
        {
            limits["memory"] = memory.ToString(CultureInfo.InvariantCulture);
        }
        if (limits.Count > 0)
        {
            deploy["resources"] = new JsonObject { ["limits"] = limits };
        }
        if (loaded.Strategy is Rolling rolling)
        {
            deploy["update_config"] = new JsonObject
            {
                ["parallelism"] = Math.Max(1, rolling.MaxSurge > 0 ? rolling.MaxSurge : rolling.MaxUnavailable),
                ["order"] = rolling.MaxSurge > 0 ? "start-first" : "stop-first",
                ["delay"] = HealthTest.ComposeTime(rolling.Hold),
            };
        }
        return deploy;
    }

    private void Rights(Service service, JsonObject written)
    {
        var container = service.Container ?? new ContainerSettings();
        if (!service.IsStatic && (container.User ?? (container.Image is null ? Nobody : null)) is { } user)
        {
            written["user"] = user;
        }
        written["init"] = true;
        written["read_only"] = !container.IsWritable;
        written["tmpfs"] = new JsonArray("/tmp");
        written["cap_drop"] = new JsonArray("ALL");
        if (container.Capabilities is { Count: > 0 } kept)
        {
            written["cap_add"] = new JsonArray([.. kept.Select(static one => (JsonNode)one)]);
        }
        written["security_opt"] = new JsonArray("no-new-privileges:true");
        if (container.Volumes is { Count: > 0 } volumes)
        {
            // Else Docker gives an empty volume to the owner of the image's folder, each time anew: right only for who is that user.
            var option = VolumeOwner.Of(app, service) is null ? "" : ":nocopy";
            var mounts = written["volumes"] as JsonArray ?? [];
            foreach (var (name, target) in volumes)
            {
                mounts.Add($"{VolumeName(app, service, name)}:{target}{option}");
            }
            written["volumes"] = mounts;
        }
    }

    /// <summary>Named after its service, except for one that several of them share.</summary>
    public static string VolumeName(LoadedApp app, Service service, string name) =>
        app.Services.Count(one => one.Service.Container?.Volumes?.ContainsKey(name) is true) > 1
            ? name
            : $"{service.Name}-{name}";

    private static string Combined(string path, string inside)
    {
        var whole = string.Join('/', new[] { path, inside }.Where(static part => part is not ("" or ".")));
        return whole.Length == 0 ? "." : $"./{whole}";
    }
}
