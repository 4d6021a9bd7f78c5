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
            env.TryAdd($"{used.ToUpperInvariant().Replace('-', '_')}_URL", UrlOf(key.Site, used, url));
        }
        // The server takes telemetry on this machine's loopback, which is not a container's.
        if (situation.Sending is { } sending && !isContained)
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
            Service = service.Service,
            Env = env,
            MustBeProven = (situation.Next ?? situation.Live) is { NeedsProvenance: true },
        };
    }

    /// <summary>Where other services of the app reach a service, whatever part answers.</summary>
    public static string UrlOf(Model.Apps.Site site, string service, string internalUrl) =>
        $"{internalUrl}/{site.App}.{site.Environment}.{service}";
}
