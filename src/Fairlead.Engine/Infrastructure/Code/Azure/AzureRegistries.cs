using System.Globalization;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Images: one registry, and a repository in it for each service.</summary>
internal static class AzureRegistries
{
    public const string Name = "image-registry";
    private const string Part = AzureParts.Data;
    private const int TimeoutSeconds = 3600;

    public static void Add(AzureDraft draft, Registry registry)
    {
        var symbol = draft.Symbol(Name);
        if (!draft.Resources.Any(one => one.Symbol == symbol))
        {
            AddShared(draft);
        }
        draft.Add(
            draft.New(
                Part,
                AzureTypes.RegistryTask,
                (registry, "keeping"),
                [
                    .. Head(Short($"keep-{registry.Name}", 50)),
                    (
                        "properties",
                        Map(
                            ("status", "Enabled"),
                            ("platform", Map(("os", "Linux"), ("architecture", "amd64"))),
                            ("agentConfiguration", Map(("cpu", 2))),
                            ("timeout", TimeoutSeconds),
                            (
                                "step",
                                Map(
                                    ("type", "EncodedTask"),
                                    ("encodedTaskContent", new Call("base64", [Purge(registry)]))
                                )
                            ),
                            (
                                "trigger",
                                Map(("timerTriggers", List(Map(("name", "nightly"), ("schedule", "0 3 * * *")))))
                            )
                        )
                    ),
                ]
            ) with
            {
                Parent = symbol,
                Why =
                    $"Keeps the newest {registry.Keep} images of the repository {registry.Name}, and all that are younger than a month.",
            }
        );
        draft.Tell(
            $"{draft.Symbol(registry)}Repository",
            $"Where {registry.Name} are sent",
            Join(new Of("", symbol, "properties.loginServer"), $"/{registry.Name}")
        );
    }

    private static void AddShared(AzureDraft draft) =>
        draft.Add(
            Part,
            AzureTypes.Registry,
            Name,
            [
                .. Head(draft.Plain("", 50)),
                ("sku", Map(("name", "Standard"))),
                ("properties", Map(("adminUserEnabled", false), ("anonymousPullEnabled", false))),
            ]
        );

    private static string Purge(Registry registry) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            version: v1.1.0
            steps:
              - cmd: acr purge --filter '{registry.Name}:.*' --ago 30d --keep {registry.Keep} --untagged
                disableWorkingDirectoryOverride: true
                timeout: {TimeoutSeconds}

            """
        );
}
