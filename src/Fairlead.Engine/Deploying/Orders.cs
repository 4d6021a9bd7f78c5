using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>What a target is told to start.</summary>
public static class Orders
{
    public static InstanceOrder For(InstanceKey key, ReleasedService service, Situation situation)
    {
        var env = new Dictionary<string, string>(service.Service.Env);
        foreach (var used in service.Service.Uses)
        {
            env.TryAdd(
                $"{used.ToUpperInvariant().Replace('-', '_')}_URL",
                UrlOf(key.Site, used, situation.InternalUrl)
            );
        }
        if (situation.Sending is { } sending)
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
