using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Identities, and what each may do: roles that are given for one resource, and never for a whole group.</summary>
internal static class AzureAccess
{
    private const string Part = AzureParts.Access;

    /// <summary>The parameter that says who deploys.</summary>
    public const string Deployer = "deployerPrincipalId";

    public static void Add(AzureDraft draft, Identity identity)
    {
        draft.Add(Part, AzureTypes.Identity, identity, Head(draft.Called(identity.Name, 128)));
        foreach (var grant in identity.Grants)
        {
            Give(draft, identity, grant);
        }
        // A cache's key is in the vault, and whatever is told where the cache is reads it.
        if (Uses(draft, identity).Any(static fact => fact.Of is Cache))
        {
            GiveSecrets(draft, identity);
        }
        if (identity.Actor is ActorKind.Function)
        {
            Give(draft, identity, draft.Symbol(AzureFunctions.Store), AzureRole.OwnFiles);
            Give(draft, identity, draft.Symbol(AzureLogs.Insights), AzureRole.SendMetrics);
        }
    }

    private static IEnumerable<Fact> Uses(AzureDraft draft, Identity identity) =>
        draft
            .Graph.Resources.Select(one =>
                one switch
                {
                    ContainerService service when service.Starter == identity => service.Workload,
                    Function function when function.Workload.Identity == identity => function.Workload,
                    MachineGroup group when group.Workload.Identity == identity => group.Workload,
                    _ => null,
                }
            )
            .OfType<Workload>()
            .SelectMany(static one => one.Facts.Values);

    private static void Give(AzureDraft draft, Identity identity, Grant grant)
    {
        switch (grant.Access, grant.On)
        {
            case (Access.Read, Bucket bucket):
                Give(draft, identity, draft.Symbol(bucket), AzureRole.ReadFiles);
                break;
            case (Access.Write, Bucket bucket):
                Give(draft, identity, draft.Symbol(bucket), AzureRole.WriteFiles);
                break;
            case (Access.Read, SecretSlot or Database):
                GiveSecrets(draft, identity);
                break;
            case (Access.Send, Messages queue):
                Give(draft, identity, draft.Symbol(queue), AzureRole.Send);
                break;
            case (Access.Receive, Messages queue):
                Give(draft, identity, draft.Symbol(queue), AzureRole.Receive);
                break;
            case (Access.Pull, Registry):
                Give(draft, identity, draft.Symbol(AzureRegistries.Name), AzureRole.Pull);
                break;
            // Azure itself takes what a program writes.
            case (Access.Log, LogGroup):
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(grant), grant, "is no grant that Azure knows");
        }
    }

    private static void GiveSecrets(AzureDraft draft, Identity identity) =>
        Give(draft, identity, draft.Symbol(AzureVault.Name), AzureRole.ReadSecrets);

    private static void Give(AzureDraft draft, Identity identity, string on, AzureRole role) =>
        Give(draft, draft.Symbol(identity), on, role);

    /// <summary>Gives an identity of ours a role on one resource, once.</summary>
    public static void Give(AzureDraft draft, string identity, string on, AzureRole role)
    {
        var itself = new Of("", identity, "id");
        Assign(draft, ($"{identity}-{role.Word}", on), (itself, new Of("", identity, "properties.principalId")), role);
    }

    private static void Assign(
        AzureDraft draft,
        (string Who, string On) what,
        (CodeValue Unique, CodeValue Principal) whom,
        AzureRole role,
        string? parameter = null
    )
    {
        var symbol = draft.Symbol(what.Who, $"on-{what.On}");
        if (draft.Resources.Any(one => one.Symbol == symbol))
        {
            return;
        }
        draft.Mirror(Part, what.On);
        draft.Add(
            new(
                Part,
                symbol,
                AzureTypes.RoleAssignment,
                [
                    ("name", new Call("guid", [new Of("", what.On, "id"), whom.Unique, role.Id])),
                    (
                        "properties",
                        Map([
                            ("roleDefinitionId", role.Definition),
                            ("principalId", whom.Principal),
                            // Whoever deploys may be a person or a program; ours are programs, which directories learn of late.
                            .. Some("principalType", parameter is null ? new Text("ServicePrincipal") : null),
                        ])
                    ),
                ]
            )
            {
                Scope = what.On,
                If = parameter,
                Why = $"{role.Name}.",
            }
        );
    }

    /// <summary>Lets whoever deploys, which the code does not know, put images, files of sites and secrets where they belong.</summary>
    public static void AddDeployer(AzureDraft draft)
    {
        List<(string On, AzureRole Role)> all =
        [
            .. draft.Graph.All<Cdn>().Select(one => (draft.Symbol(one.Bucket), AzureRole.WriteFiles)),
        ];
        if (AzureVault.IsNeeded(draft.Graph))
        {
            all.Add((draft.Symbol(AzureVault.Name), AzureRole.WriteSecrets));
        }
        if (draft.Graph.All<Registry>().Any())
        {
            all.Add((draft.Symbol(AzureRegistries.Name), AzureRole.Push));
        }
        if (draft.Graph.All<Function>().Any())
        {
            all.Add((draft.Symbol(AzureFunctions.Store), AzureRole.WriteFiles));
        }
        if (all.Count == 0)
        {
            return;
        }
        var id = draft.Parameter(
            new(
                Deployer,
                "string",
                "Object id of whoever deploys: may put secrets, images and files where they belong; nobody when empty",
                ""
            )
        );
        foreach (var (on, role) in all)
        {
            Assign(draft, ($"deployer-{role.Word}", on), (id, id), role, Deployer);
        }
    }
}

/// <summary>A role that is built into Azure.</summary>
/// <param name="Name">As Azure calls it.</param>
/// <param name="Word">Of ours, for symbols.</param>
/// <param name="Id">Source: learn.microsoft.com, "Azure built-in roles".</param>
internal sealed record AzureRole(string Name, string Word, string Id)
{
    public static AzureRole Pull { get; } = new("AcrPull", "pulls", "7f951dda-4ed3-4680-a7ca-43fe172d538d");

    public static AzureRole Push { get; } = new("AcrPush", "pushes", "8311e382-0749-4cb8-b61a-304f252e45ec");

    public static AzureRole ReadFiles { get; } =
        new("Storage Blob Data Reader", "reads", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1");

    public static AzureRole WriteFiles { get; } =
        new("Storage Blob Data Contributor", "writes", "ba92f5b4-2d11-453d-a403-e96b0029c9fe");

    public static AzureRole OwnFiles { get; } =
        new("Storage Blob Data Owner", "owns", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b");

    public static AzureRole ReadSecrets { get; } =
        new("Key Vault Secrets User", "reads", "4633458b-17de-408a-b874-0445c86b69e6");

    public static AzureRole WriteSecrets { get; } =
        new("Key Vault Secrets Officer", "writes", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7");

    public static AzureRole Send { get; } =
        new("Azure Service Bus Data Sender", "sends", "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39");

    public static AzureRole Receive { get; } =
        new("Azure Service Bus Data Receiver", "receives", "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0");

    public static AzureRole SendMetrics { get; } =
        new("Monitoring Metrics Publisher", "measures", "3913510d-42f4-4e42-8a64-420c390055eb");

    public CodeValue Definition => new Call("subscriptionResourceId", ["Microsoft.Authorization/roleDefinitions", Id]);
}
