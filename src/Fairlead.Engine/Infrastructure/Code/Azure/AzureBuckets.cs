using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>
/// Files: a storage account for each bucket, since versions, what is kept of them and who may read are matters of an account. Nobody reads
/// without an identity, and there are no keys.
/// </summary>
internal static class AzureBuckets
{
    private const string Part = AzureParts.Data;
    private const int NameLettersMax = 24;
    private const int DeletedDays = 7;

    /// <summary>Where the files are: account and container.</summary>
    public static CodeValue Address(AzureDraft draft, Bucket bucket) =>
        Join(draft.At(bucket, "properties.primaryEndpoints.blob"), Container(bucket));

    /// <summary>What the files' container is called.</summary>
    public static string Container(Bucket bucket) => Short(bucket.Name, 63);

    public static void Add(AzureDraft draft, Bucket bucket)
    {
        var isInside = AzureSubnets.Inside(draft.Graph).Contains(bucket);
        var itself = AddAccount(draft, bucket, bucket.Name, (bucket.HoldsData, isInside));
        var blobs = draft.Add(
            draft.New(
                Part,
                AzureTypes.Blobs,
                (bucket, "blobs"),
                ("name", "default"),
                ("properties", Map([.. Kept(bucket), ("isVersioningEnabled", bucket.HasVersions)]))
            ) with
            {
                Parent = itself.Symbol,
            }
        );
        draft.Add(
            draft.New(Part, AzureTypes.Container, (bucket, "container"), ("name", Container(bucket))) with
            {
                Parent = blobs.Symbol,
            }
        );
        AddRules(draft, bucket, itself);
        if (isInside)
        {
            AzureNetwork.Door(
                draft,
                itself,
                "blob",
                ("blob-names", Join("privatelink.blob.", new Setting("environment().suffixes.storage")))
            );
            draft.Note(
                $"{bucket.Name} is reached from the network alone: people look at its files from a machine in it, or let their address in (networkAcls.ipRules and publicNetworkAccess of the account)."
            );
        }
        if (bucket.HoldsData && draft.IsProtected)
        {
            draft.Lock(itself);
        }
        draft.Tell($"{itself.Symbol}Address", $"Where files of {bucket.Name} are", Address(draft, bucket));
    }

    /// <param name="is">Whether it holds what cannot be made anew, and whether only the network reaches it.</param>
    public static BicepResource AddAccount(AzureDraft draft, AzureMark of, string name, (bool Dear, bool Inside) @is) =>
        draft.Add(
            Part,
            AzureTypes.Storage,
            of,
            [
                .. Head(draft.Plain(name, NameLettersMax)),
                ("kind", "StorageV2"),
                // Copies in three zones, where there are zones to speak of.
                ("sku", Map(("name", @is.Dear && draft.Zones.Count > 0 ? "Standard_ZRS" : "Standard_LRS"))),
                (
                    "properties",
                    Map([
                        ("accessTier", "Hot"),
                        ("allowBlobPublicAccess", false),
                        ("allowCrossTenantReplication", false),
                        ("allowSharedKeyAccess", false),
                        ("defaultToOAuthAuthentication", true),
                        ("minimumTlsVersion", "TLS1_2"),
                        ("supportsHttpsTrafficOnly", true),
                        ("publicNetworkAccess", @is.Inside ? "Disabled" : "Enabled"),
                        .. Some(
                            "networkAcls",
                            @is.Inside ? Map(("bypass", "AzureServices"), ("defaultAction", "Deny")) : null
                        ),
                    ])
                ),
            ]
        );

    private static IEnumerable<(string, CodeValue)> Kept(Bucket bucket)
    {
        var days = bucket.HasVersions ? Math.Clamp(bucket.OldDays, 1, 365) : DeletedDays;
        foreach (var name in (string[])["containerDeleteRetentionPolicy", "deleteRetentionPolicy"])
        {
            yield return (name, Map(("enabled", true), ("days", bucket.IsDisposable ? DeletedDays : days)));
        }
    }

    private static void AddRules(AzureDraft draft, Bucket bucket, BicepResource account)
    {
        List<(string, CodeValue)> actions = [];
        if (bucket.ExpireDays is { } days)
        {
            actions.Add(("baseBlob", Map(("delete", Map(("daysAfterModificationGreaterThan", days))))));
        }
        if (bucket.HasVersions)
        {
            actions.Add(("version", Map(("delete", Map(("daysAfterCreationGreaterThan", bucket.OldDays))))));
        }
        if (actions.Count == 0)
        {
            return;
        }
        draft.Add(
            draft.New(
                Part,
                AzureTypes.StorageRules,
                (bucket, "rules"),
                ("name", "default"),
                (
                    "properties",
                    Map(
                        (
                            "policy",
                            Map(
                                (
                                    "rules",
                                    List(
                                        Map(
                                            ("name", "old-files"),
                                            ("enabled", true),
                                            ("type", "Lifecycle"),
                                            (
                                                "definition",
                                                Map(
                                                    ("actions", new Fields(actions)),
                                                    ("filters", Map(("blobTypes", List("blockBlob"))))
                                                )
                                            )
                                        )
                                    )
                                )
                            )
                        )
                    )
                )
            ) with
            {
                Parent = account.Symbol,
                // The account does not take both at once.
                After = [draft.Symbol(bucket, "blobs")],
            }
        );
    }
}
