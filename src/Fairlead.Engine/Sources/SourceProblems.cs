using Fairlead.Model.Apps;
using Fairlead.Model.Git;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Sources;

/// <summary>What stands in the way of deploying from git.</summary>
internal static class SourceProblems
{
    public static Problem Unknown(string name, IReadOnlyList<string> known) =>
        new(
            "source.unknown",
            What: $"There is no source '{name}'.",
            Why: known.Count == 0 ? "None was added." : $"There are: {string.Join(", ", known)}.",
            Fix: "See all: fairlead source list"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem OtherApp(GitSource source, string app) =>
        new(
            "source.other-app",
            What: $"The commit is not of the app '{source.App}'.",
            Why: $"Its manifest calls itself '{app}', and the source '{source.Name}' deploys {source.App} alone.",
            Fix: $"Mend 'app:' in its fairlead.yaml, or add a source for {app}: fairlead source add {app}"
        );

    public static Problem MakerGone(GitSource source) =>
        new(
            "source.maker-gone",
            What: $"Nothing is deployed from '{source.Name}'.",
            Why: $"{source.Maker.Name}, who made it, is nobody here any more.",
            Fix: $"Let somebody who may deploy {source.App} make it anew: fairlead source add {source.App} --name {source.Name}"
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem BranchGone(GitSource source) =>
        new(
            "source.branch-gone",
            What: $"The branch '{source.Branch}' is not in the repository.",
            Why: "It was deleted or renamed, or never was there. What is live stays as it is.",
            Fix: $"Name another: fairlead source add {source.App} --name {source.Name} --branch main"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem PipelineFailed(string commit, IReadOnlyList<Problem> problems) =>
        new(
            "source.pipeline-failed",
            What: $"{commit[..12]} is not deployed: its pipeline failed.",
            Why: problems is [var first, ..] ? $"{first.What} {first.Why}" : "A job did not end well.",
            Fix: "Mend it and push again. To try the same commit once more: fairlead source sync NAME --again"
        )
        {
            Evidence = [.. problems.SelectMany(static one => one.Evidence).Take(40)],
        };

    public static Problem PreviewTarget(GitSource source, string like, string why) =>
        new(
            "source.preview-target",
            What: $"The environment '{like}' of {source.App} cannot have previews made like it.",
            Why: why,
            Fix: "Declare one for them in fairlead.yaml: environments: { preview: { target: local } }"
        );

    public static Problem HostTaken(string host, Site owner) =>
        new(
            "source.preview-host",
            What: $"No preview can have the host {host}.",
            Why: $"{owner} answers to it.",
            Fix: "Choose another template: fairlead source add --preview-host '{branch}.preview.example.com'"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem DataFailed(string command, int? code, IReadOnlyList<string> lines) =>
        new(
            "source.preview-data",
            What: "The preview's data could not be made ready.",
            Why: $"'{command}' ended with {code?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no code"}.",
            Fix: "Mend the command, then: fairlead source sync NAME --again"
        )
        {
            Evidence = lines,
        };

    public static Problem NotApproved(Preview preview, string head) =>
        new(
            "source.change-moved",
            What: $"The change {preview.Change} has a commit that nobody approved.",
            Why: $"{preview.Approved?[..12]} was approved, and it is at {head[..12]} now.",
            Fix: $"Look at it, then: fairlead preview approve {preview.Source} --change {preview.Change} --commit {head}"
        )
        {
            Trouble = Trouble.NeedsPerson,
        };

    public static Problem HookRefused() =>
        new(
            "source.hook-refused",
            What: "The webhook is not taken.",
            Why: "There is no source of this name, or the hook does not show its secret.",
            Fix: "Set the secret that 'fairlead source add' showed where the hook is sent from."
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem Bug(string source, string id) =>
        new(
            "source.bug",
            What: $"The source '{source}' met a bug of Fairlead.",
            Why: $"The whole story is in the server's log under {id}.",
            Fix: "It is tried again; if it comes back, report it with that text."
        );
}
