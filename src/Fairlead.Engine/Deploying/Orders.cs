using System.Globalization;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>What a target is told to start.</summary>
public static class Orders
{
    public static InstanceOrder For(InstanceKey key, ReleasedService service, Situation situation)
    {
        var env = new Dictionary<string, string>(service.Service.Env);
        var isContained = service.Service.Container is not null;
        var url = isContained ? situation.BridgeUrl ?? situation.InternalUrl : situation.InternalUrl;
        foreach (var used in service.Service.Uses)
        {
            // What is at AWS neither comes by the edge nor is reached through it.
            if (service.Service.Aws is not null || OtherIn(situation, used) is { Aws: not null })
            {
                continue;
            }
            if (isContained && OtherIn(situation, used) is { TakesTraffic: false, Port: { } port, Container: not null })
            {
                // Spoken to in its own words, such as a database: found by name in the site's network.
                env.TryAdd($"{Word(used)}_HOST", used);
                env.TryAdd($"{Word(used)}_PORT", port.ToString(CultureInfo.InvariantCulture));
                env.TryAdd($"{Word(used)}_URL", $"tcp://{used}:{port}");
                continue;
            }
            env.TryAdd($"{Word(used)}_URL", UrlOf(key.Site, used, url));
        }
        // The server takes telemetry on this machine's loopback, which is not a container's.
        if (situation.Sending is { } sending && !isContained && service.Service.Aws is null)
        {
            foreach (var (name, value) in sending.EnvOf(key))
            {
                env.TryAdd(name, value);
            }
        }
        return new InstanceOrder
        {
            Key = key,
            Artifact = service.Artifact,
            Service = service.Service.AsReleased,
            Env = env,
            MustBeProven = (situation.Next ?? situation.Live) is { NeedsProvenance: true },
        };
    }

    private static Model.Apps.Service? OtherIn(Situation situation, string name) =>
        (situation.Next ?? situation.Live)?.Services.FirstOrDefault(one => one.Service.Name == name)?.Service;

    private static string Word(string service) => service.ToUpperInvariant().Replace('-', '_');

    /// <summary>Where other services of the app reach a service, whatever part answers.</summary>
    public static string UrlOf(Model.Apps.Site site, string service, string internalUrl) =>
        $"{internalUrl}/{site.App}.{site.Environment}.{service}";
}
