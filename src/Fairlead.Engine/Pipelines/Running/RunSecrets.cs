using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>Secrets of a run: variables of the caller with their names.</summary>
internal static class RunSecrets
{
    /// <summary>Hides them all before anything runs.</summary>
    /// <exception cref="ProblemException">Some are not there.</exception>
    public static void Take(LoadedPipeline loaded)
    {
        var names = loaded.Graph.Runs.SelectMany(static run => run.Job.Secrets).Distinct().ToList();
        var missing = names.Where(name => loaded.Ports.Secret(name) is null).ToList();
        if (missing.Count > 0)
        {
            throw new ProblemException(Missing(missing));
        }
        loaded.Ports.Hide([.. names.Select(name => loaded.Ports.Secret(name)!)]);
    }

    private static Problem Missing(List<string> names) =>
        new(
            "pipeline.secret-missing",
            What: $"{string.Join(", ", names)} {(names.Count == 1 ? "is" : "are")} not there.",
            Why: "Jobs ask for secrets by name, and get them from the variables of the command that runs them.",
            Fix: $"Set it for this command alone: {names[0]}=$(cat FILE) fairlead ci run"
        )
        {
            Trouble = Trouble.WrongUse,
        };
}
