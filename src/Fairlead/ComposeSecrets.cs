using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Secrets;
using Fairlead.Drivers.Targets;
using Fairlead.Engine.Clusters;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Roles;

namespace Fairlead;

/// <summary>Puts together what keeps secrets and hands them to programs.</summary>
internal static partial class Compose
{
    /// <summary>The vault, what sees to it, and the target whose programs get secrets.</summary>
    private sealed record SecretParts(Vault Vault, VaultKeeper Keeper, ITarget Target, HttpClient Http) : IDisposable
    {
        public void Dispose() => Http.Dispose();
    }

    /// <param name="hiding">What is told every value, and what is hidden as well.</param>
    /// <param name="fence">Under which the server acts, once it is in charge.</param>
    private static SecretParts Secrets(
        RoleContext context,
        IStore store,
        (RoleClient Node, ClusterPorts Clusters) places,
        (LiveMask Mask, IReadOnlyList<string> More) hiding,
        Func<Fence> fence
    )
    {
        var world = context.World;
        Func<string, string?> variable = Environment.GetEnvironmentVariable;
        var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        AwsJson Aws(string? region) => AwsJson.Of(http, variable, region, world);
        var seals = new Envelope([
            new AwsKmsKeys(Aws, world),
            new EnvironmentKeys(variable, world),
            new FileKeys(Path.Combine(context.State.Root, "keys"), world),
            new PassphraseKeys(variable, world),
        ]);
        var vault = new Vault(
            new VaultPorts(store, seals, fence, world, hiding.Mask)
            {
                Rotators = [new AwsKeyRotator(Aws(region: null)), new PostgresRotator(), new RandomRotator()],
                Sources =
                [
                    new AwsSecretsSource(() => Aws(region: null)),
                    new AwsParametersSource(() => Aws(region: null)),
                    new VaultSource(http, variable, world),
                ],
                MoreToHide = hiding.More,
                Files = new SecretFiles(Path.Combine(context.State.Root, "exports")),
            }
        );
        var (here, there) = (
            new LocalSecrets(places.Node),
            new ClusterSecrets(places.Clusters.Clusters, places.Clusters.Sites, world)
        );
        var keeper = new VaultKeeper(vault, [here, there], context.Logs.CreateLogger("Fairlead.Secrets"));
        var target = new PlacedTarget(
            new SecretTarget(new LocalTarget(places.Node), here, vault),
            new SecretTarget(new ClusterTarget(places.Clusters), there, vault),
            places.Clusters.Sites
        );
        return new(vault, keeper, target, http);
    }
}
