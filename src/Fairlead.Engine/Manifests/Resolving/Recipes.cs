using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>How a service is built and started: what the manifest says, completed by what was detected.</summary>
internal sealed class Recipes(Findings findings, TargetAbilities target)
{
    private const string MachineAlone = "127.0.0.1";
    private const string Everybody = "0.0.0.0";
    private const string ReadyImage = "image";
    private const string Out = "{out}";
    private const int NamesShownMax = 8;

    /// <summary>Null when something is left open that nobody but the user can know.</summary>
    public Recipe? Of(Draft draft, IFileTree folder)
    {
        if (draft.Image is not null)
        {
            return new Recipe { Stack = ReadyImage, Run = draft.Entry.Run?.Words ?? [] };
        }
        var (entry, found) = (draft.Entry, draft.Detected?.Recipe);
        var run = draft.IsFunction ? [] : entry.Run?.Words ?? Reached(draft, found?.Run ?? []);
        if (run.Count == 0 && !MayBeStatic(draft))
        {
            findings.Add(draft.Node, "no-run", NoRun(draft, folder));
            return null;
        }
        if (LosesOutput(draft))
        {
            findings.Add(draft.Node.At("build"), "no-output", NoOutput(draft));
            return null;
        }
        var saysAll = entry is { Build: not null, Run: not null };
        return new Recipe
        {
            Stack = saysAll || found is null ? Draft.Custom : found.Stack,
            Needs = entry.Needs ?? (saysAll ? [] : found?.Needs) ?? [],
            Build = entry.Build is { } build ? [.. build.Select(command => command.Words)] : found?.Build ?? [],
            Output = Output(draft),
            Run = run,
            Inputs = [.. (entry.Inputs ?? []).Select(Folders.Plain).Concat(found?.Inputs ?? []).Distinct()],
        };
    }

    /// <summary>
    /// What is detected listens where only this machine reaches it. In a container that is the container alone, and its network is what
    /// keeps others out. A command that somebody wrote is theirs.
    /// </summary>
    private IReadOnlyList<string> Reached(Draft draft, IReadOnlyList<string> detected) =>
        target.FixedPortsOverlap || draft.IsBuiltForTasks
            ? [.. detected.Select(static word => word.Replace(MachineAlone, Everybody, StringComparison.Ordinal))]
            : detected;

    private static string? Output(Draft draft)
    {
        var (entry, found) = (draft.Entry, draft.Detected?.Recipe);
        return entry switch
        {
            { Output: { } said } => Folders.Plain(said),
            { Build: { } build } when build.Any(command => command.Words.Any(WritesOut)) => null,
            { Build: null } when found is not null => found.Output,
            _ => found?.Output ?? ".",
        };
    }

    /// <summary>Pages need no process, if somebody says or found where they are.</summary>
    private static bool MayBeStatic(Draft draft) =>
        draft.IsFunction
        || (
            draft.Kind == Kind.Web
            && (draft.Entry.Output is not null || draft.Detected is { Kind: Kind.Web, Recipe.Run.Count: 0 })
        );

    /// <summary>The detected command expects what the detected build writes to <c>{out}</c>, and the build said does not.</summary>
    private static bool LosesOutput(Draft draft) =>
        draft is { Entry: { Build: { } build, Output: null, Run: null }, Detected.Recipe: { Output: null } found }
        && found.Build.Any(command => command.Any(WritesOut))
        && !build.Any(command => command.Words.Any(WritesOut));

    private static bool WritesOut(string word) => word.Contains(Out, StringComparison.Ordinal);

    /// <summary>What was looked for in a folder, and what is there.</summary>
    public static string NotRecognised(Draft draft, IFileTree folder)
    {
        string[] names = [.. folder.List(".").Where(name => name != ManifestFile.Name).Take(NamesShownMax)];
        var holds = names.Length == 0 ? "it is empty" : $"it holds {Shown.Line(string.Join(", ", names))}";
        return $"Nothing in {draft.Place} was recognised ({holds}); looked for project files such as package.json, *.csproj, pyproject.toml, go.mod or index.html.";
    }

    private static (string What, string Why, string Fix) NoRun(Draft draft, IFileTree folder)
    {
        var recognised = draft.Detected is { } detected
            ? $"{draft.Place} was recognised as {Shown.Line(detected.Stack)}, which has nothing to start."
            : NotRecognised(draft, folder);
        return (
            $"Nothing says how to run the service '{draft.Name}'.",
            recognised,
            draft.Kind == Kind.Web
                ? $"Add to services.{draft.Name}: run: ./start.sh   (or, for pages without a process: output: public)"
                : $"Add to services.{draft.Name}: run: ./start.sh"
        );
    }

    private static (string What, string Why, string Fix) NoOutput(Draft draft) =>
        (
            $"Nothing says what the build of '{draft.Name}' makes.",
            $"The command that starts it, '{Shown.Line(string.Join(' ', draft.Detected!.Recipe.Run))}', runs in the folder {Out} that the detected build fills; this build does not write there.",
            $"Let the build write to {Out}, or add the folder that is deployed, for example: output: dist"
        );
}
