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
        if (loaded.Ports.Rooms.TakesSource)
        {
            CheckCluster(loaded);
        }
        var names = loaded.Graph.Runs.SelectMany(static run => run.Job.Secrets).Distinct().ToList();
        var missing = names.Where(name => loaded.Ports.Secret(name) is null).ToList();
        if (missing.Count > 0)
        {
            throw new ProblemException(Missing(missing));
        }
        loaded.Ports.Hide([.. names.Select(name => loaded.Ports.Secret(name)!)]);
    }

    // Said before anything runs: what silently went another way than on the machine would be believed.
    private static void CheckCluster(LoadedPipeline loaded)
    {
        foreach (var job in loaded.Graph.Runs.Select(static run => run.Job).Where(static job => job.HasRoom).Distinct())
        {
            var why =
                job.Image is null ? "it says no image"
                : job.Services.Count > 0 ? "it has servers beside it"
                : job.Tasks.Count > 1 ? "it has several tasks, which would not find what the one before left"
                : job.Shards is { AreListed: true }
                    ? "it has shards, whose tests a file names that is not in the source"
                : job.Tasks[0].Outputs.Count > 0 ? "it has outputs, and files do not come back from there"
                : null;
            if (why is not null)
            {
                throw new ProblemException(RunProblems.NotInCluster(job, why));
            }
            if (job.Tasks[0].Reports.Count > 0)
            {
                loaded.Ports.Say(
                    $"{job.Name}: its reports are not counted, since files do not come back from the cluster"
                );
            }
        }
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
