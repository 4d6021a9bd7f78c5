using Fairlead.Engine.Pipelines.Expressions;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.Azure;

/// <summary>The only job of a thin file: it gets Fairlead, checks that it is the one that was meant, and lets it run the rest.</summary>
internal static class AzureThinJob
{
    public static List<object> Steps(Pipeline pipeline, TranslationNotes notes)
    {
        List<object> steps = [];
        foreach (var versions in pipeline.Jobs.SelectMany(static job => job.Tools).GroupBy(static one => one.Key))
        {
            var different = versions.Select(static one => one.Value).Distinct(StringComparer.Ordinal).ToList();
            if (
                different is [var version]
                && !TextTemplate.IsIn(version)
                && AzureTools.Step(versions.Key, version) is { } step
            )
            {
                steps.Add(step);
                continue;
            }
            notes.LeftOut(
                pipeline.Name,
                $"The tool '{versions.Key}' is not set up.",
                $"Its version is {string.Join(", ", different)}: the machine must have it."
            );
        }
        var secrets = pipeline.Jobs.SelectMany(static job => job.Secrets).Distinct(StringComparer.Ordinal).ToList();
        SaySecrets(pipeline.Name, secrets, notes);
        SayFairlead(pipeline.Name, notes);
        foreach (
            var machine in pipeline
                .Jobs.Select(static job => job.Machine)
                .Distinct()
                .Where(static one => one != "linux")
        )
        {
            notes.LeftOut(pipeline.Name, $"No job runs on '{machine}'.", "One job runs on one machine: ubuntu-latest.");
        }
        steps.Add(GetStep());
        steps.Add(
            new YamlGroup()
                .Add("bash", "fairlead ci run")
                .Add("displayName", "Run the pipeline")
                .Add("env", WithToken(Secrets(secrets), ServerAsked.By(pipeline)))
        );
        if (ServerAsked.By(pipeline))
        {
            SayServer(pipeline.Name, notes);
        }
        return steps;
    }

    /// <summary>The step that gets Fairlead.</summary>
    public static YamlGroup GetStep() =>
        new YamlGroup()
            .Add(
                "bash",
                """
                set -e
                command -v fairlead && exit 0
                curl -fsSL "$FAIRLEAD_URL" -o "$AGENT_TEMPDIRECTORY/fairlead"
                echo "$FAIRLEAD_SHA256  $AGENT_TEMPDIRECTORY/fairlead" | sha256sum --check
                chmod +x "$AGENT_TEMPDIRECTORY/fairlead"
                echo "##vso[task.prependpath]$AGENT_TEMPDIRECTORY"

                """
            )
            .Add("displayName", "Get Fairlead");

    public static void SayFairlead(string where, TranslationNotes notes) =>
        notes.LeftOut(
            where,
            "Fairlead itself is not on the machine.",
            "Set the variables FAIRLEAD_URL and FAIRLEAD_SHA256 of the pipeline: where it is, and its digest."
        );

    public static void SaySecrets(string where, IReadOnlyList<string> secrets, TranslationNotes notes)
    {
        foreach (var secret in secrets)
        {
            notes.LeftOut(
                where,
                $"The secret {secret}",
                "Set it as a secret variable of the pipeline, or in a variable group that the file names."
            );
        }
    }

    public static void SayServer(string where, TranslationNotes notes) =>
        ServerAsked.Say(
            where,
            "in the pipeline's variables",
            $"{ServerAsked.Signed} Azure signs for a service connection: set its id as FAIRLEAD_SERVICE_CONNECTION.",
            notes
        );

    /// <summary>With what a job asks Azure for its own token, where it deploys.</summary>
    public static Dictionary<string, string> WithToken(Dictionary<string, string> env, bool deploys)
    {
        if (deploys)
        {
            env["SYSTEM_ACCESSTOKEN"] = "$(System.AccessToken)";
        }
        return env;
    }

    /// <summary>Secrets reach a step only when it names them.</summary>
    public static Dictionary<string, string> Secrets(IReadOnlyList<string> secrets) =>
        secrets.ToDictionary(static one => one, static one => $"$({one})", StringComparer.Ordinal);
}
