using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>
/// Starts nothing that must be proven and is not. An artifact is looked at before this server first starts it; a program may write into
/// its own folder later, so it is not looked at again.
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
            if (await WrongAsync(papers, signer, order.Artifact, stop) is { } problem)
            {
                throw new ProblemException(problem);
            }
            proven[order.Artifact] = true;
        }
        await inner.EnsureAsync(order, fence, stop);
    }

    public Task StopAsync(InstanceKey key, Fence fence, CancellationToken stop) => inner.StopAsync(key, fence, stop);

    /// <summary>What is wrong with an artifact's provenance; null when nothing is.</summary>
    public static async Task<Problem?> WrongAsync(
        IArtifactPapers papers,
        ISigner signer,
        string artifact,
        CancellationToken stop
    ) =>
        Provenance.Check(
            await papers.ReadAsync(artifact, Provenance.Paper, stop),
            artifact,
            await papers.DigestAsync(artifact, stop) ?? new string('0', 64),
            signer
        );
}
