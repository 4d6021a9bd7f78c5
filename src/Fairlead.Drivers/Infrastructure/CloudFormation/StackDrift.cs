using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Resources;

namespace Fairlead.Drivers.Infrastructure.CloudFormation;

/// <summary>What was changed behind CloudFormation's back, which it finds out by itself where it is AWS.</summary>
internal sealed class StackDrift(StackApi api, TemplateReading reading, World world)
{
    public async Task<ProvisionPlan> FindAsync(ProvisionWork work, TimeSpan limit, CancellationToken stop)
    {
        List<PlannedChange> drift = [];
        foreach (var part in StackProject.Read(work, reading.Terse))
        {
            if (await api.FindAsync(part, part.Stack, stop) is not { IsEmpty: false })
            {
                continue;
            }
            await DetectAsync(part, limit, stop);
            var found = await api.AllAsync(part, next => StackCalls.Drifts(part, next), StackAnswers.Drifts, stop);
            drift.AddRange(found.Select(one => one with { Address = $"{part.Prefix}{one.Address}" }));
        }
        return new(world.NewId(), []) { Drift = drift };
    }

    private async Task DetectAsync(StackPart part, TimeSpan limit, CancellationToken stop)
    {
        var begun = await api.TryAsync(StackCalls.DetectDrift(part), stop);
        var detection = begun is null ? "" : StackAnswers.Any(begun, "StackDriftDetectionId");
        if (detection.Length == 0)
        {
            throw new ProblemException(StackProblems.NoDrift(part, "it does not know DetectStackDrift."));
        }
        var end = world.Now + limit;
        for (var pause = TimeSpan.FromSeconds(1); ; pause = StackApi.Longer(pause))
        {
            var answer = await api.AskAsync(part, StackCalls.DriftStatus(part, detection), stop);
            switch (StackAnswers.Any(answer, "DetectionStatus"))
            {
                case "DETECTION_IN_PROGRESS":
                    await api.PauseAsync(part, "Looking for drift", (end, limit), pause, stop);
                    break;
                case "DETECTION_FAILED":
                    throw new ProblemException(
                        StackProblems.NoDrift(part, StackAnswers.Any(answer, "DetectionStatusReason"))
                    );
                default:
                    return;
            }
        }
    }
}
