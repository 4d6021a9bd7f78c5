using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>
/// Starts nothing that must be proven and is not. An artifact is looked at before this server first starts it, not before each start of a
/// replica: to read all of it takes a while.
/// </summary>
public sealed class ProvenTarget(ITarget inner, IArtifactPapers papers, ISigner signer) : ITarget
{
    private readonly ConcurrentDictionary<string, bool> proven = new(StringComparer.Ordinal);

    public TargetAbilities Abilities => inner.Abilities;

    public Task TakeChargeAsync(Fence fence, CancellationToken stop) => inner.TakeChargeAsync(fence, stop);

    public Task<IReadOnlyList<Instance>> ObserveAsync(Site site, CancellationToken stop) =>
        inner.ObserveAsync(site, stop);

    public async Task EnsureAsync(InstanceOrder order, Fence fence, CancellationToken stop)
    {
        if (order.MustBeProven && !proven.ContainsKey(order.Artifact))
        {
            if ((await ProveAsync(papers, signer, order.Artifact, stop)).Problem is { } problem)
            {
                throw new ProblemException(problem);
            }
            proven[order.Artifact] = true;
        }
        await inner.EnsureAsync(order, fence, stop);
    }

    public Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop) => inner.StopAsync(key, fence, stop);

    /// <summary>Whether an artifact is what was built.</summary>
    public static async Task<Proof> ProveAsync(
        IArtifactPapers papers,
        ISigner signer,
        string artifact,
        CancellationToken stop
    ) =>
        Provenance.Check(
            new(
                await papers.ReadAsync(artifact, Provenance.Paper, stop),
                await papers.ReadAsync(artifact, Provenance.ListPaper, stop)
            ),
            artifact,
            await papers.ListAsync(artifact, stop),
            signer
        );
}
