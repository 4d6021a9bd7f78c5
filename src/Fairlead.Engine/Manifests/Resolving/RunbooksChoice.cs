using Fairlead.Engine.Manifests.Reading;
using Fairlead.Engine.Responding.Alerts;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Manifests.Resolving;

/// <summary>Completes what a manifest says of runbooks.</summary>
internal static class RunbooksChoice
{
    private const int RunbooksMax = 50;
    private const int StepsMax = 50;
    private const int TextMax = 1_000;
    private static readonly Dictionary<string, string> Nothing = new(StringComparer.Ordinal);

    public static IReadOnlyList<Runbook> Of(ManifestFile file, Node root, Findings findings)
    {
        var node = root.At("runbooks");
        if (file.Runbooks is not { Count: > 0 } written)
        {
            return [];
        }
        if (written.Count > RunbooksMax)
        {
            Bad(findings, node, $"There are {written.Count} runbooks.", $"At most {RunbooksMax} are kept.");
        }
        HashSet<string> alerts =
        [
            .. DefaultRules.Names,
            .. (file.Alerts?.Rules ?? []).Select(static one => one.Alert).OfType<string>(),
            "BudgetBurns",
        ];
        // Services that are found in folders are not known yet: a name is only wrong where all are written down.
        HashSet<string>? services = file.Services is { Count: > 0 } named ? [.. named.Keys] : null;
        return
        [
            .. written
                .Where(static one => one.Value is not null)
                .Select(one => RunbookOf(one.Key, one.Value, node.At(one.Key), (alerts, services, findings))),
        ];
    }

    private static Runbook RunbookOf(
        string name,
        RunbookEntry entry,
        Node node,
        (HashSet<string> Alerts, HashSet<string>? Services, Findings Findings) known
    )
    {
        var fits = entry.For ?? [];
        foreach (var one in fits.Where(one => !known.Alerts.Contains(one) && known.Services?.Contains(one) == false))
        {
            var near = Nearest.To(one, known.Alerts.Concat(known.Services!)); // They are there: else nothing is wrong.
            Bad(
                known.Findings,
                node.At("for"),
                $"There is no alert or service '{Shown.Line(one)}'.",
                near is null ? $"Alerts are {string.Join(", ", known.Alerts)}." : $"Did you mean {near}?"
            );
        }
        var steps = entry.Steps ?? [];
        if (steps.Count is 0 or > StepsMax)
        {
            Bad(known.Findings, node, $"The runbook '{name}' has {steps.Count} steps.", $"It has 1 to {StepsMax}.");
        }
        return new(
            name,
            fits,
            [.. steps.Take(StepsMax).Select((one, at) => StepOf(one, node.At("steps", at), known.Findings))]
        );
    }

    private static RunbookStep StepOf(RunbookStepEntry entry, Node node, Findings findings)
    {
        if (entry.Text is { Length: > TextMax })
        {
            Bad(findings, node, "A step is too long.", $"It has at most {TextMax} letters.");
        }
        if (string.IsNullOrWhiteSpace(entry.Text) && string.IsNullOrWhiteSpace(entry.Run))
        {
            Bad(findings, node, "A step says nothing.", "It has a text, or an operation under 'run'.");
            return new("");
        }
        if (string.IsNullOrWhiteSpace(entry.Run))
        {
            if (entry.With is { Count: > 0 })
            {
                Bad(findings, node.At("with"), "A step has inputs and runs nothing.", "'with' belongs to 'run'.");
            }
            return new(entry.Text!); // One of the two is there.
        }
        Dictionary<string, string> with = new(entry.With ?? Nothing, StringComparer.Ordinal);
        if (RunbookInputs.Fault(entry.Run, with) is { } fault)
        {
            Bad(findings, node.At("run"), fault.What, fault.Why);
        }
        return new(entry.Text ?? RunbookInputs.Find(entry.Run)?.Summary ?? "") { Run = entry.Run, With = with };
    }

    private static void Bad(Findings findings, Node node, string what, string why) =>
        findings.Add(node, "bad-runbook", (what, why, "Mend it there, or leave it out."));
}
