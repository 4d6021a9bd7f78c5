using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Http;
using Fairlead.Drivers.Infrastructure.CloudFormation;
using Fairlead.Drivers.Infrastructure.Terraform;
using Fairlead.Drivers.State;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Engine.Infrastructure.Costs;
using Fairlead.Engine.Infrastructure.Planning;
using Fairlead.Engine.Operations.States;
using Fairlead.Faces.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Roles;
using Fairlead.Roles.Server;

namespace Fairlead;

internal static partial class Compose
{
    /// <summary>What clouds' own tools read: addresses, keys, and where keys are.</summary>
    private static readonly string[] CloudPrefixes = ["AWS_", "GOOGLE_", "CLOUDSDK_", "ARM_", "AZURE_"];

    /// <summary>The same server, which also makes what apps need of clouds.</summary>
    private static ServerPlatform Provisioning(RoleContext context, ServerPlatform platform)
    {
        var (server, world) = (platform.Engine.Server, context.World);
        var root = Path.Combine(context.State.Root, "infrastructure");
        var sealer = new Sealer(Path.Combine(root, "state.key"), isPrecious: true);
        TerraformReading reading = new(TerraformPlanReader.Read, TerraformStateReader.Read);
        IProvisioner Terraform(string program) => new TerraformProvisioner(program, root, sealer, reading, world);
        var desk = new InfrastructureDesk(
            new(
                server.Store,
                () => platform.Conductor.Fence,
                world,
                [Terraform("terraform"), Terraform("tofu"), CloudFormation(world)],
                new(ApiToken.ReadOrMake(Path.Combine(root, "home")), Environment.MachineName),
                ServerVariables,
                (site, stop) => SecretVariablesAsync(server.Vault, site, stop)
            )
        );
        var seal = new SharedSeal(
            server.Vault,
            "terraform-states",
            Sealer.MakeKey,
            static key => new KeyFileSeal(Sealer.Of(key))
        );
        var states = new StateDesk(server.Store, () => platform.Conductor.Fence, seal.OpenAsync, world);
        var costs = new CostWatch(server.Store, world);
        return platform with
        {
            Background = [costs, .. platform.Background],
            Measure = platform.Measure + costs.Measure,
            Connections = [.. platform.Connections, seal],
            Engine = platform.Engine with { Server = server with { Infrastructure = desk, TerraformStates = states } },
        };
    }

    // Whoever owns the server says where AWS is, which may be this machine; a request never follows anybody elsewhere.
    private static CloudFormationProvisioner CloudFormation(World world)
    {
        var http = new HttpClient(OutboundGuard.Handler(AddressKind.Inside)) { Timeout = Timeout.InfiniteTimeSpan };
        return new(
            work =>
                AwsApi.Of(
                    http,
                    name => work.Env.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name),
                    world
                ),
            new(StackTemplateReader.Kept, StackTemplateReader.Terse),
            world
        );
    }

    private static Dictionary<string, string> ServerVariables() =>
        Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .Where(static one => IsForCloud((string)one.Key))
            .ToDictionary(static one => (string)one.Key, static one => (string?)one.Value ?? "");

    private static bool IsForCloud(string name) =>
        Array.Exists(CloudPrefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Secrets of a site that are called as clouds' tools call their keys.</summary>
    private static async Task<IReadOnlyDictionary<string, string>> SecretVariablesAsync(
        Vault vault,
        Site site,
        CancellationToken stop
    )
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in await vault.ListAsync(site, stop))
        {
            if (IsForCloud(record.Name) && record.Newest is { } newest)
            {
                all[record.Name] = (await vault.OpenAsync(record, newest, stop)).Reveal();
            }
        }
        return all;
    }
}
