using System.Collections.Concurrent;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Clusters;

/// <summary>
/// A builder that is done with what runs in a cluster, or at ECS, when its image can be fetched: a registry or a cluster that is away fails a deployment before
/// anything is placed, and nobody waits inside a placement while an image travels.
/// </summary>
public sealed class ShippingBuilder(IBuilder builder, ClusterPorts ports) : IBuilder
{
    private readonly ConcurrentDictionary<string, Shipment> shipments = new(StringComparer.Ordinal);

    public Task<string> DigestAsync(BuildOrder order, CancellationToken stop)
    {
        if (order.Service.Container?.Cluster is { } place)
        {
            // Where nothing says where the cluster is, nobody has to wait for a build to hear it.
            ports.Clusters.Open(place.Context);
        }
        return builder.DigestAsync(order, stop);
    }

    public async Task StartAsync(BuildOrder order, string artifact, CancellationToken stop)
    {
        if (order.Service.Container?.Cluster is not null || order.Service.Registry is not null)
        {
            shipments.GetOrAdd(artifact, _ => new(order));
        }
        await builder.StartAsync(order, artifact, stop);
    }

    public async Task<BuildView> ObserveAsync(string artifact, CancellationToken stop)
    {
        var view = await builder.ObserveAsync(artifact, stop);
        if (view.State is not BuildState.Done || !shipments.TryGetValue(artifact, out var shipment))
        {
            return view; // A server that began anew does not know the order any more: the image is sent when it is placed.
        }
        shipment.Begin(ports, artifact);
        if (!shipment.Sending.IsCompleted)
        {
            return view with { State = BuildState.Running, Lines = [.. view.Lines ?? [], shipment.Words] };
        }
        shipments.TryRemove(artifact, out _);
        shipment.Dispose();
        return await shipment.Sending is { } problem ? new BuildView(BuildState.Failed, problem) : view;
    }

    public async Task CancelAsync(string artifact, CancellationToken stop)
    {
        if (shipments.TryRemove(artifact, out var shipment))
        {
            await shipment.CancelAsync(stop);
            shipment.Dispose();
        }
        await builder.CancelAsync(artifact, stop);
    }

    /// <summary>An image on its way.</summary>
    private sealed class Shipment(BuildOrder order) : IDisposable
    {
        private readonly CancellationTokenSource ending = new();
        private readonly Lock gate = new();

        public string Words => $"sending the image of {order.Service.Name} to {order.Service.Registry}";

        /// <summary>Why it did not arrive; null when it did.</summary>
        public Task<Problem?> Sending { get; private set; } = Task.FromResult<Problem?>(null);

        private bool HasBegun { get; set; }

        public void Begin(ClusterPorts ports, string artifact)
        {
            lock (gate)
            {
                if (!HasBegun)
                {
                    (HasBegun, Sending) = (true, SendAsync(ports, artifact, ending.Token));
                }
            }
        }

        public Task CancelAsync(CancellationToken stop) => ending.CancelAsync().WaitAsync(stop);

        public void Dispose() => ending.Dispose();

        private async Task<Problem?> SendAsync(ClusterPorts ports, string artifact, CancellationToken stop)
        {
            await Task.Yield();
            try
            {
                // A cluster that is away is said before an image travels.
                if (order.Service.Container?.Cluster is { } place)
                {
                    await ports
                        .Clusters.Open(place.Context)
                        .FindAsync(new("v1", "Namespace", null, place.Namespace), stop);
                }
                await ports.Images.EnsureAsync(order.App, order.Service, artifact, stop);
                return null;
            }
            catch (ProblemException caught)
            {
                return caught.Problem;
            }
            catch (OperationCanceledException)
            {
                return null; // Nobody waits for it any more.
            }
        }
    }
}
