using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>The vault of secrets, which programs read as themselves.</summary>
internal static class AzureVault
{
    public const string Name = "vault";
    private const string Part = AzureParts.Data;
    private const string People = "operatorAddresses";
    private const int KeptDays = 90;

    /// <summary>Whether anything of a graph is secret.</summary>
    public static bool IsNeeded(ResourceGraph graph) =>
        graph.All<SecretSlot>().Any() || graph.All<Database>().Any() || graph.All<Cache>().Any();

    public static void AddShared(AzureDraft draft)
    {
        if (!IsNeeded(draft.Graph))
        {
            return;
        }
        var people = draft.Parameter(
            new(
                People,
                "array",
                "Addresses of people and pipelines that put secrets, such as { value: \"203.0.113.7\" }; with any, nobody else reaches the vault from outside",
                List()
            )
        );
        var programs = draft
            .Subnets.All.Where(static one =>
                one.Name is AzureSubnets.Containers or AzureSubnets.Functions or AzureSubnets.Machines
            )
            .Select(one => ById(AzureNetwork.Subnet(draft, one.Name)));
        var vault = draft.Add(
            Part,
            AzureTypes.Vault,
            Name,
            [
                .. Head(draft.Plain("", 24)),
                (
                    "properties",
                    Map(
                        ("tenantId", new Setting("tenant().tenantId")),
                        ("sku", Map(("family", "A"), ("name", "standard"))),
                        ("enableRbacAuthorization", true),
                        ("enableSoftDelete", true),
                        ("softDeleteRetentionInDays", KeptDays),
                        ("enablePurgeProtection", true),
                        (
                            "networkAcls",
                            Map(
                                ("bypass", "AzureServices"),
                                ("defaultAction", new Choice(People, "Deny", "Allow")),
                                ("ipRules", people),
                                ("virtualNetworkRules", new Items([.. programs]))
                            )
                        )
                    )
                ),
            ]
        );
        AzureLogs.Watch(draft, vault, "audit");
        if (draft.IsProtected)
        {
            draft.Lock(vault);
        }
        draft.Tell("vaultName", "Where secrets are put", vault.At("name"));
    }

    public static void Add(AzureDraft draft, SecretSlot slot)
    {
        draft.Note(
            $"What reads {slot.Secret} does not start before it has a value, so put it in before the first image is named: az keyvault secret set --vault-name VAULT --name {Called(slot)} --file /dev/stdin"
        );
        draft.Note(
            "Whoever may read one secret of a vault may read all of them: Azure knows smaller grants for secrets that have a value already, and code never has one."
        );
    }

    /// <summary>What a secret is called in the vault, which takes letters, digits and dashes.</summary>
    public static string Called(SecretSlot slot) => slot.Secret.ToLowerInvariant().Replace('_', '-');

    /// <summary>Keeps a value that the code knows and nobody may see.</summary>
    public static void Keep(AzureDraft draft, Resource of, CodeValue value, string? why = null) =>
        draft.Add(
            draft.New(
                Part,
                AzureTypes.Secret,
                (of, "kept-secret"),
                ("name", Called(of)),
                ("tags", Tags),
                ("properties", Map(("value", value), ("contentType", "text/plain")))
            ) with
            {
                Parent = draft.Symbol(Name),
                Why = why,
            }
        );

    /// <summary>What the secret of a database or cache is called.</summary>
    public static string Called(Resource of) => $"azure-{of.Name}-password";

    /// <summary>Where the newest value of a secret is.</summary>
    public static CodeValue Address(AzureDraft draft, string secret) =>
        Join(draft.At(Name, "properties.vaultUri"), $"secrets/{secret}");
}
