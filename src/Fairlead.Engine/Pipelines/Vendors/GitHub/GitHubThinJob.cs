using Fairlead.Engine.Pipelines.Files;
using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors.GitHub;

/// <summary>The only job of a thin workflow: it gets Fairlead, checks that it is the one that was meant, and lets it run the rest.</summary>
internal static class GitHubThinJob
{
    public const string GetFairlead = """
        [ -z "$FAIRLEAD_SERVER" ] || echo "FAIRLEAD_SERVER=$FAIRLEAD_SERVER" >> "$GITHUB_ENV"
        command -v fairlead && exit 0
        curl -fsSL "$FAIRLEAD_URL" -o "$RUNNER_TEMP/fairlead"
        echo "$FAIRLEAD_SHA256  $RUNNER_TEMP/fairlead" | sha256sum --check
        chmod +x "$RUNNER_TEMP/fairlead"
        echo "$RUNNER_TEMP" >> "$GITHUB_PATH"

        """;

    public static YamlGroup Of(Pipeline pipeline, TranslationNotes notes)
    {
        List<object> steps = [Step(GitHubActions.Checkout)];
        foreach (var versions in pipeline.Jobs.SelectMany(static job => job.Tools).GroupBy(static one => one.Key))
        {
            var different = versions.Select(static one => one.Value).Distinct(StringComparer.Ordinal).ToList();
            if (
                !GitHubActions.Setups.TryGetValue(versions.Key, out var setup)
                || different is not [var version]
                || version.Contains("${{", StringComparison.Ordinal)
            )
            {
                notes.LeftOut(
                    pipeline.Name,
                    $"The tool '{versions.Key}' is not set up.",
                    $"Its version is {string.Join(", ", different)}: the runner must have it."
                );
                continue;
            }
            steps.Add(Setup(versions.Key, setup, version));
        }
        steps.Add(GetStep());
        var secrets = pipeline.Jobs.SelectMany(static job => job.Secrets).Distinct(StringComparer.Ordinal);
        steps.Add(
            new YamlGroup()
                .Add("name", "Run the pipeline")
                .Add("run", "fairlead ci run")
                .Add("env", secrets.ToDictionary(static one => one, static one => $"${{{{ secrets.{one} }}}}"))
        );
        notes.LeftOut(
            pipeline.Name,
            "Fairlead itself is not on the runner.",
            "Set the variables FAIRLEAD_URL and FAIRLEAD_SHA256 in the repository's settings: where it is, and its digest."
        );
        foreach (
            var machine in pipeline
                .Jobs.Select(static job => job.Machine)
                .Distinct()
                .Where(static one => one != "linux")
        )
        {
            notes.LeftOut(pipeline.Name, $"No job runs on '{machine}'.", "One job runs on one machine: ubuntu-latest.");
        }
        var asks = ServerAsked.By(pipeline);
        if (asks)
        {
            SayServer(pipeline.Name, notes);
        }
        return new YamlGroup()
            .Add("runs-on", "ubuntu-latest")
            .Add("permissions", asks ? ForDeploying() : new YamlGroup())
            .Add("timeout-minutes", 360)
            .AddItems("steps", steps);
    }

    /// <summary>What a job that deploys may do: read the source, and ask GitHub for a token that says which job it is.</summary>
    public static YamlGroup ForDeploying() => new YamlGroup().Add("contents", "read").Add("id-token", "write");

    public static void SayServer(string where, TranslationNotes notes) =>
        ServerAsked.Say(where, "in the repository's variables", ServerAsked.Signed, notes);

    public static YamlGroup GetStep() =>
        new YamlGroup()
            .Add("name", "Get Fairlead")
            .Add("run", GetFairlead)
            .Add("shell", "bash")
            .Add(
                "env",
                new YamlGroup()
                    .Add("FAIRLEAD_SERVER", "${{ vars.FAIRLEAD_SERVER }}")
                    .Add("FAIRLEAD_URL", "${{ vars.FAIRLEAD_URL }}")
                    .Add("FAIRLEAD_SHA256", "${{ vars.FAIRLEAD_SHA256 }}")
            );

    public static YamlGroup Step((string Uses, string? Version) action) =>
        new YamlGroup().AddWith("uses", action.Uses, action.Version);

    public static YamlGroup Setup(string tool, (string Uses, string? Version, string Key) setup, string version)
    {
        var with = new YamlGroup().Add("distribution", tool == "java" ? "temurin" : null);
        with.Add(setup.Key, version.Length == 0 ? null : version);
        return Step((setup.Uses, setup.Version)).Add("with", with);
    }
}
