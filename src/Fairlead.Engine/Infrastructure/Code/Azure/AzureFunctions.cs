using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Azure Functions on the Flex Consumption plan: paid by use, in the network where they must be.</summary>
internal static class AzureFunctions
{
    /// <summary>The account in which their code is.</summary>
    public const string Store = "function-store";

    private const string Part = AzureParts.Compute;
    private const int CopiesMax = 100;

    public static void Add(AzureDraft draft, Function function)
    {
        var code = Code(draft, function);
        var plan = draft.Add(
            Part,
            AzureTypes.Plan,
            (function, "plan"),
            [
                .. Head(draft.Called($"{function.Name}-plan", 40)),
                ("kind", "functionapp"),
                ("sku", Map(("name", "FC1"), ("tier", "FlexConsumption"))),
                ("properties", Map(("reserved", true))),
            ]
        );
        var identity = draft.At(function.Workload.Identity, "id");
        var site = draft.Add(
            Part,
            AzureTypes.Site,
            function,
            [
                .. Head(draft.Unique(function.Name, 60)),
                ("kind", "functionapp,linux"),
                (
                    "identity",
                    Map(("type", "UserAssigned"), ("userAssignedIdentities", new Call(BicepText.Keys, [identity])))
                ),
                ("properties", Properties(draft, function, plan, code)),
            ]
        );
        AddSettings(draft, function, site);
        Notes(draft, function);
        draft.Tell($"{site.Symbol}Name", $"Function app {function.Name}", site.At("name"));
        draft.Tell(
            $"{site.Symbol}Url",
            $"Address of {function.Name}",
            Join("https://", site.At("properties.defaultHostName"))
        );
    }

    private static CodeValue Properties(AzureDraft draft, Function function, BicepResource plan, BicepResource code)
    {
        var (runtime, version) = Runtime(draft, function);
        var identity = draft.At(function.Workload.Identity, "id");
        return Map([
            ("serverFarmId", plan.At("id")),
            ("httpsOnly", true),
            ("keyVaultReferenceIdentity", identity),
            ("publicNetworkAccess", function.IsPublic ? "Enabled" : "Disabled"),
            .. Some(
                "virtualNetworkSubnetId",
                function.Workload.Subnets.Count == 0 ? null : AzureNetwork.Subnet(draft, AzureSubnets.Functions)
            ),
            ("siteConfig", Map(("minTlsVersion", "1.2"), ("http20Enabled", true))),
            (
                "functionAppConfig",
                Map(
                    (
                        "deployment",
                        Map(
                            (
                                "storage",
                                Map(
                                    ("type", "blobContainer"),
                                    (
                                        "value",
                                        Join(draft.At(Store, "properties.primaryEndpoints.blob"), code.At("name"))
                                    ),
                                    (
                                        "authentication",
                                        Map(
                                            ("type", "UserAssignedIdentity"),
                                            ("userAssignedIdentityResourceId", identity)
                                        )
                                    )
                                )
                            )
                        )
                    ),
                    ("runtime", Map(("name", runtime), ("version", version))),
                    (
                        "scaleAndConcurrency",
                        Map(
                            ("instanceMemoryMB", AzureSizes.Function(function.Size)),
                            ("maximumInstanceCount", CopiesMax)
                        )
                    )
                )
            ),
        ]);
    }

    /// <summary>What functions bring with them: an account that only they use.</summary>
    public static void AddShared(AzureDraft draft)
    {
        if (!draft.Graph.All<Function>().Any())
        {
            return;
        }
        var account = AzureBuckets.AddAccount(draft, Store, Store, (Dear: false, Inside: false));
        draft.Add(
            draft.New(AzureParts.Data, AzureTypes.Blobs, $"{Store}-blobs", ("name", "default")) with
            {
                Parent = account.Symbol,
            }
        );
    }

    private static BicepResource Code(AzureDraft draft, Function function) =>
        draft.Add(
            draft.New(
                AzureParts.Data,
                AzureTypes.Container,
                (function, "code"),
                ("name", Short($"code-{function.Name}", 63))
            ) with
            {
                Parent = draft.Symbol($"{Store}-blobs"),
            }
        );

    private static void AddSettings(AzureDraft draft, Function function, BicepResource site)
    {
        var client = draft.At(function.Workload.Identity, "properties.clientId");
        var settings = new SortedDictionary<string, CodeValue>(StringComparer.Ordinal);
        foreach (var (name, value) in AzureWorkloads.Env(draft, function.Workload))
        {
            settings[name] = value;
        }
        foreach (var (name, secret) in AzureWorkloads.Secrets(function.Workload))
        {
            settings[name] = Join(
                "@Microsoft.KeyVault(SecretUri=",
                draft.At(AzureVault.Name, "properties.vaultUri"),
                $"secrets/{secret})"
            );
        }
        // The host's own, whatever the manifest says of them.
        settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = Join("ClientId=", client, ";Authorization=AAD");
        settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] = draft.At(AzureLogs.Insights, "properties.ConnectionString");
        settings["AzureWebJobsStorage__accountName"] = draft.At(Store, "name");
        settings["AzureWebJobsStorage__clientId"] = client;
        settings["AzureWebJobsStorage__credential"] = "managedidentity";
        draft.Add(
            draft.New(
                Part,
                AzureTypes.SiteSettings,
                (function, "settings"),
                ("name", "appsettings"),
                ("properties", new Fields([.. settings.Select(static one => (one.Key, one.Value))]))
            ) with
            {
                Parent = site.Symbol,
            }
        );
        foreach (var way in (string[])["ftp", "scm"])
        {
            draft.Add(
                draft.New(
                    Part,
                    AzureTypes.SitePublishing,
                    (function, $"{way}-passwords"),
                    ("name", way),
                    ("properties", Map(("allow", false)))
                ) with
                {
                    Parent = site.Symbol,
                }
            );
        }
    }

    /// <summary>A runtime in Azure's words, of one in the manifest's.</summary>
    private static (string Name, string Version) Runtime(AzureDraft draft, Function function)
    {
        var said = function.Runtime;
        var at = said.IndexOfAny(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        var (word, version) = at < 0 ? (said, "") : (said[..at], said[at..]);
        switch (word)
        {
            case "nodejs":
                return ("node", version.Split('.')[0]);
            case "python":
                return ("python", version);
            case "java":
                return ("java", version);
            case "dotnet":
                return ("dotnet-isolated", version.Contains('.', StringComparison.Ordinal) ? version : $"{version}.0");
            case "powershell":
                return ("powershell", version);
            default:
                draft.Note(
                    $"Azure has no runtime {said} for {function.Name}: it begins as 'custom', which runs a program of one's own."
                );
                return ("custom", "1.0");
        }
    }

    private static void Notes(AzureDraft draft, Function function)
    {
        draft.Note(
            $"{function.Name} begins without code: func azure functionapp publish NAME, or az functionapp deployment source config-zip. What is called is said by the code, as Azure has no handler beside it: '{function.Handler}' of the manifest counts for nothing here."
        );
        draft.Note(
            $"How long a call of {function.Name} may take is said in its host.json: \"functionTimeout\": \"{function.Timeout:hh\\:mm\\:ss}\""
        );
    }
}
