using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Handoffs;

/// <summary>Puts gates that were handed over beside those of the manifest.</summary>
internal static class GateAdding
{
    extension(HandoffCompile compile)
    {
        /// <summary>Has a service's rollout watched by more gates; blocks where its strategy watches none.</summary>
        public void Watch(string service, IReadOnlyList<Gate> gates)
        {
            if (compile.Find(service) is not { } found)
            {
                return;
            }
            IStrategy? watched = AllStrategies.Open(found.Strategy) switch
            {
                Canary one => one with { Gates = [.. one.Gates ?? [], .. gates] },
                Rolling one => one with { Gates = [.. one.Gates ?? [], .. gates] },
                BlueGreen one => one with { Gates = [.. one.Gates, .. gates] },
                _ => null,
            };
            if (watched is null)
            {
                compile.Block(
                    $"{service} is deployed by '{found.Strategy.Kind}', which no gate watches",
                    $"Deploy it by a strategy that is watched: services.{service}.deploy: canary"
                );
                return;
            }
            compile.Change(found, one => one with { Strategy = AllStrategies.Choice(watched) });
        }
    }
}
