using Fairlead.Model.Pipelines;

namespace Fairlead.Engine.Pipelines.Vendors;

/// <summary>What the tasks of a job make, for systems that know this of whole jobs.</summary>
internal static class JobFiles
{
    public static List<string> Outputs(Job job) =>
        [.. job.Tasks.SelectMany(static task => task.Outputs).Distinct(StringComparer.Ordinal)];

    public static List<string> Reports(Job job) =>
        [.. job.Tasks.SelectMany(static task => task.Reports).Distinct(StringComparer.Ordinal)];
}
