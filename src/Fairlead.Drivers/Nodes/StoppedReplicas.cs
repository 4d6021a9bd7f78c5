using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Nodes;

/// <summary>Replicas of the past, of which only the logs are left.</summary>
internal static class StoppedReplicas
{
    // Of each service, so that a job that runs every minute pushes out the logs of nobody else.
    private const int KeptPerService = 20;

    /// <summary>The newest first.</summary>
    public static IReadOnlyList<InstanceKey> In(string instances) =>
        [
            .. Directory
                .EnumerateDirectories(instances)
                .Where(path => !new InstanceFolder(path).HasOrder)
                .OrderByDescending(Directory.GetLastWriteTimeUtc)
                .Select(path => InstanceKey.TryParse(Path.GetFileName(path)))
                .OfType<InstanceKey>(),
        ];

    /// <summary>Removes the oldest of a service beyond those we keep.</summary>
    public static void Prune(string instances, Site site, string service)
    {
        foreach (
            var key in In(instances).Where(key => key.Site == site && key.Part.Service == service).Skip(KeptPerService)
        )
        {
            Directory.Delete(Path.Combine(instances, key.ToString()), recursive: true);
        }
    }
}
