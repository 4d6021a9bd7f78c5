using Fairlead.Model.Pipelines;

namespace Fairlead.Model.Ports;

/// <summary>Runs of pipelines that were made on this machine with the state folder of this server.</summary>
public interface IRunArchive
{
    /// <summary>The newest runs of all folders, newest first.</summary>
    /// <param name="max">1 to 500.</param>
    IReadOnlyList<KeptRun> All(int max);

    /// <summary>The run of this id; null when there is none.</summary>
    KeptRun? Find(string run);

    /// <summary>The last lines of what a task wrote, oldest first; none when it wrote nothing, or it is not there any more.</summary>
    /// <param name="max">1 to 2,000.</param>
    IReadOnlyList<string> Lines(KeptRun run, string job, string task, int max);
}

/// <summary>A run and where it was made.</summary>
/// <param name="Folder">The pipeline's folder, absolute; empty where that was not written down.</param>
/// <param name="Place">Where it is kept.</param>
public sealed record KeptRun(string Folder, string Place, RunRecord Record);
