using Fairlead.Engine.Deploying.Strategies;
using Fairlead.Engine.Manifests.Reading;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>How a service is replaced: side by side where that is possible, else one after the other.</summary>
internal sealed class StrategyChoice(TargetAbilities target, Findings findings)
{
    public DeployEntry Of(Draft draft)
    {
        var hasFixedPort = HasFixedPort(draft);
        if (draft.Entry.Deploy is not { } said)
        {
            return hasFixedPort || draft.Routes.Count == 0
                ? new(Recreate.Kind, new Recreate())
                : new(BlueGreen.Kind, new BlueGreen());
        }
        if (hasFixedPort && !said.Settings.IsExclusive)
        {
            findings.Add(
                draft.Node.At("deploy"),
                "strategy-fixed-port",
                (
                    $"The service '{draft.Name}' cannot be deployed with '{said.Strategy}'.",
                    $"That runs two versions at once, and {OnlyPort(draft)}.",
                    $"Let the program listen on the port in the variable PORT, or write: deploy: {Recreate.Kind}"
                )
            );
        }
        if (
            draft.IsStatic
            && said.Settings.Gates?.OfType<Gate.Check>().FirstOrDefault(one => one.NeedsAddress) is { } check
        )
        {
            findings.Add(
                draft.Node.At("deploy"),
                "check-static",
                (
                    $"The service '{draft.Name}' cannot be asked by its gate '{check}'.",
                    "It is only files, which have no address of their own before visitors see them.",
                    $"Let the pipeline do it: fairlead check {check.Word} http://127.0.0.1:8080/; 'check: bundle' can be a gate."
                )
            );
        }
        return said;
    }

    public void CheckReplicas(Draft draft, int replicas, Node said)
    {
        if (replicas > 1 && HasFixedPort(draft))
        {
            findings.Add(
                said,
                "fixed-port-replicas",
                (
                    $"The service '{draft.Name}' cannot have {replicas} replicas.",
                    $"They run on one machine, and {OnlyPort(draft)}.",
                    "Let the program listen on the port in the variable PORT, or write: replicas: 1"
                )
            );
        }
    }

    public void CheckPorts(IEnumerable<Draft> drafts)
    {
        var owners = new Dictionary<int, string>();
        foreach (var draft in drafts.Where(HasFixedPort))
        {
            if (!owners.TryAdd(draft.Port!.Value, draft.Name))
            {
                findings.Add(
                    draft.Node.At("port"),
                    "port-taken",
                    (
                        $"The services '{owners[draft.Port.Value]}' and '{draft.Name}' need the same port {draft.Port}.",
                        "They run on one machine, where one program can listen on a port.",
                        $"Change the port of one of them and say it in services.{draft.Name}, for example: port: {draft.Port % 65535 + 1}"
                    )
                );
            }
        }
    }

    private bool HasFixedPort(Draft draft) => draft.Port is not null && !target.FixedPortsOverlap && !draft.IsAtAws;

    private static string OnlyPort(Draft draft)
    {
        var seen =
            draft.Entry.Port is null && draft.Detected?.Evidence is [var first, ..]
                ? $" (detected in {Shown.Line(first.Path)}; if that is wrong, say how it is told its port: run: ... --port {{port}})"
                : "";
        return $"it can listen on port {draft.Port} only{seen}";
    }
}
