using Fairlead.Model.Problems;

namespace Fairlead.Engine.Pipelines.Running;

/// <summary>What must be there before a run begins. Secrets are variables of the caller with their names.</summary>
internal static class RunNeeds
{
    /// <summary>Hides them all before anything runs.</summary>
    /// <exception cref="ProblemException">Some are not there, or a job asks for containers where no engine runs them.</exception>
    public static void Check(LoadedPipeline loaded)
    {
        if (loaded.Graph.Runs.FirstOrDefault(static run => run.Job.HasRoom) is { } apart && !loaded.Ports.Rooms.IsThere)
        {
            throw new ProblemException(RunProblems.Containers(apart.Job));
        }
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
