using Docker.DotNet.Models;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Nodes;

/// <summary>Containers of ours that no order stands for, such as after a folder was removed by hand.</summary>
internal static class StrayContainers
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>Removes them, as soon as there is an engine that answers.</summary>
    /// <param name="isOrdered">Whether a key has an order now.</param>
    public static async Task RemoveAsync(Ground ground, Func<string, bool> isOrdered, CancellationToken stop)
    {
        await Task.Yield();
        while (ground.Containers.IsThere && !stop.IsCancellationRequested)
        {
            try
            {
                await RemoveOnceAsync(ground, isOrdered, stop);
                return;
            }
            catch (ProblemException caught)
            {
                ground.Log.NoEngine(caught.Problem.What, caught.Problem.Why);
                await Task.Delay(Pause, ground.World.Clock, stop);
            }
        }
    }

    private static async Task RemoveOnceAsync(Ground ground, Func<string, bool> isOrdered, CancellationToken stop)
    {
        var ours = await ground.Containers.AskAsync(
            docker =>
                docker.Containers.ListContainersAsync(
                    new ContainersListParameters
                    {
                        All = true,
                        Filters = new Dictionary<string, IDictionary<string, bool>>
                        {
                            ["label"] = new Dictionary<string, bool>
                            {
                                [$"{ContainerSetting.StateLabel}={ground.StateId}"] = true,
                            },
                        },
                    },
                    stop
                ),
            stop
        );
        foreach (var container in ours.Where(IsStray))
        {
            await ground.Containers.FindAsync<object>(
                async docker =>
                {
                    var how = new ContainerRemoveParameters { Force = true, RemoveVolumes = true };
                    await docker.Containers.RemoveContainerAsync(container.ID, how, stop);
                    return true;
                },
                stop
            );
        }

        bool IsStray(ContainerListResponse one) =>
            !one.Labels.TryGetValue(ContainerSetting.InstanceLabel, out var key) || !isOrdered(key);
    }
}
