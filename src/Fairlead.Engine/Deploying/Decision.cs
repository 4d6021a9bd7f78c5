using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Judging;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Deploying;

/// <summary>What a site's loop does next. There is no fourth way.</summary>
public abstract record Decision
{
    private Decision() { }

    /// <summary>Touch the world: the intent is journaled first, the outcome after.</summary>
    public sealed record Do(Move Move) : Decision;

    /// <summary>Remember something: the next turn decides anew.</summary>
    /// <param name="Deployments">Those that changed.</param>
    public sealed record Note(SiteRecord Record, IReadOnlyList<Deployment> Deployments, IReadOnlyList<NewEntry> Entries)
        : Decision
    {
        /// <summary>The request that was handled by it; it is deleted with the same commit.</summary>
        public Request? Handled { get; init; }

        /// <summary>What a judge knows now, when that has grown by a block.</summary>
        public Evidence? Evidence { get; init; }

        /// <summary>Runs of jobs that are over with it.</summary>
        public IReadOnlyList<JobRun> Runs { get; init; } = [];
    }

    /// <summary>Look again after a while, or when woken.</summary>
    /// <param name="Why">What is waited for, in words; null when all is as it should be.</param>
    public sealed record Wait(TimeSpan For, string? Why) : Decision;
}
