using Fairlead.Engine.Judging;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Deploying;

/// <summary>Evidence in the store: pages of a few blocks, so that a new block writes one small page.</summary>
internal static class EvidencePages
{
    /// <summary>So many deployments of a site can be judged again: some ten megabytes.</summary>
    public const int DeploymentsMax = 50;

    private const int BlocksMax = 16;

    /// <summary>All pages of one service in a deployment begin so.</summary>
    public static string KeyOf(Site site, string deployment, string service) => $"{site}/{deployment}/{service}";

    /// <summary>The page that holds the last block.</summary>
    public static Write LastOf(Site site, string deployment, Evidence evidence)
    {
        var page = (evidence.Blocks.Count - 1) / BlocksMax;
        return new(
            Records.Evidence,
            $"{KeyOf(site, deployment, evidence.Canary.Service)}/{page:D6}",
            Records.Body(evidence with { Blocks = [.. evidence.Blocks.Skip(page * BlocksMax)] })
        );
    }

    /// <summary>Writes that forget all but the youngest deployments' evidence.</summary>
    /// <param name="pages">All pages of a site.</param>
    public static IEnumerable<Write> Old(IReadOnlyList<Document> pages) =>
        pages
            .GroupBy(page => page.Key[..page.Key.LastIndexOf('/')])
            .GroupBy(service => service.Key[..service.Key.LastIndexOf('/')])
            .OrderByDescending(deployment => deployment.Max(service => Records.Read<Evidence>(service.First()).Began))
            .Skip(DeploymentsMax)
            .SelectMany(deployment => deployment.SelectMany(service => service))
            .Select(page => new Write(Records.Evidence, page.Key, null));

    /// <summary>What the pages of one service say; null when there are none.</summary>
    /// <param name="pages">In the order of their keys.</param>
    public static Evidence? Read(IReadOnlyList<Document> pages)
    {
        var read = pages.Select(Records.Read<Evidence>).ToList();
        return read is [var first, ..] ? first with { Blocks = [.. read.SelectMany(one => one.Blocks)] } : null;
    }
}
