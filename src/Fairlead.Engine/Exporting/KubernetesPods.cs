using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Clusters;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Exporting;

/// <summary>Pods of an exported app: services find each other by their names in the cluster.</summary>
internal static class KubernetesPods
{
    public static JsonObject Template(LoadedService loaded, LoadedApp app, KubernetesSettings settings)
    {
        var service = loaded.Service;
        var labels = Labels(app, service.Name);
        return PodTemplate.Of(
            service,
            new(service.Container?.Image ?? settings.Images[service.Name], Env(service, app), labels, settings.Minor)
            {
                Spread = labels,
                SecretOf = static use => (PodTemplate.Secrets, use.Secret),
            }
        );
    }

    /// <summary>By which a service's pods are found: the same as network policies look for.</summary>
    public static IReadOnlyDictionary<string, string> Labels(LoadedApp app, string service) =>
        new OrderedDictionary<string, string>
        {
            ["app.kubernetes.io/part-of"] = app.App,
            ["app.kubernetes.io/name"] = service,
        };

    private static OrderedDictionary<string, string> Env(Service service, LoadedApp app)
    {
        OrderedDictionary<string, string> env = new(StringComparer.Ordinal);
        foreach (var (name, value) in service.Env)
        {
            env[name] = value;
        }
        foreach (var used in service.Uses)
        {
            foreach (var (name, value) in Reached(used, app))
            {
                env.TryAdd(name, value);
            }
        }
        PodTemplate.Tell(env, service);
        env["FAIRLEAD_APP"] = app.App;
        env["FAIRLEAD_ENVIRONMENT"] = app.Site.Environment;
        return env;
    }

    private static IEnumerable<(string Name, string Value)> Reached(string used, LoadedApp app)
    {
        var word = used.ToUpperInvariant().Replace('-', '_');
        var other = app.Services.FirstOrDefault(one => one.Service.Name == used)?.Service;
        if (other is not { TakesTraffic: false, Port: { } port })
        {
            return [($"{word}_URL", $"http://{used}")];
        }
        var number = port.ToString(CultureInfo.InvariantCulture);
        return [($"{word}_HOST", used), ($"{word}_PORT", number), ($"{word}_URL", $"tcp://{used}:{number}")];
    }
}
