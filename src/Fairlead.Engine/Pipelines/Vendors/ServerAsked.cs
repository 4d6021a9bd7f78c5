using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>Jobs that deploy ask a server elsewhere: its address is a variable of the CI system, and they show a token that the system signs.</summary>
internal static class ServerAsked
{
    public static bool By(Job job) => job.Tasks.Any(static task => task.Act is Act.Deploy);

    public static bool By(Pipeline pipeline) => pipeline.Jobs.Any(By);

    /// <param name="place">Where variables are set in that system.</param>
    /// <param name="token">What is shown to the server.</param>
    public static void Say(string where, string place, string token, TranslationNotes notes) =>
        notes.LeftOut(
            where,
            "Which server deploys, and why it believes the job.",
            $"Set {Running.DeployVariables.Server} {place} to its address (https://...). {token}"
        );

    /// <summary>For systems that sign a token for each job.</summary>
    public const string Signed = "On it: fairlead trust create; no secret is kept in the CI system.";
}
