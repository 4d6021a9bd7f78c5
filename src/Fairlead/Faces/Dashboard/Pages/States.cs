using Fairlead.Engine.Operations;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>States in words, each with the tone that its mark and colour have everywhere.</summary>
public static class States
{
    public static (string Tone, string Word) Of(DeploymentPhase phase) =>
        phase switch
        {
            DeploymentPhase.Queued => ("mute", "Queued"),
            DeploymentPhase.Building => ("motion", "Building"),
            DeploymentPhase.AwaitingApproval => ("warn", "Awaits approval"),
            DeploymentPhase.RollingOut => ("motion", "Rolling out"),
            DeploymentPhase.RollingBack => ("warn", "Rolling back"),
            DeploymentPhase.Promoted => ("good", "Promoted"),
            DeploymentPhase.RolledBack => ("bad", "Rolled back"),
            DeploymentPhase.Failed => ("bad", "Failed"),
            DeploymentPhase.Aborted => ("mute", "Aborted"),
            _ => ("mute", "Superseded"),
        };

    /// <summary>How an app is in an environment, gravest first.</summary>
    public static (string Tone, string Word) Of(AppStatus.AppView app) =>
        app.Live is null && app.Deployment is not { IsOver: false } ? ("mute", "Nothing live")
        : app.Live is null ? ("motion", "First release")
        : IsDown(app) ? ("bad", "Down")
        : app.Parts.Any(static part => part.Ready < part.Wanted && part.Share.Percent > 0)
            ? ("warn", "Short of replicas")
        : app.Parts.Any(static part => part is { ErrorPercent: >= 5, Requests: >= 20 } && part.Share.Percent > 0)
            ? ("bad", "Failing")
        : app.Warnings.Count > 0 ? ("warn", "Well, with a warning")
        : app.Asleep.Count > 0 ? ("good", "Well, asleep")
        : ("good", "Well");

    private static bool IsDown(AppStatus.AppView app) =>
        app
            .Parts.GroupBy(static part => part.Part.Split('@')[0])
            .Any(service =>
                service.Any(static part => part.Share.Percent > 0)
                && service.All(static part => part.Share.Percent == 0 || part.Ready == 0)
            );

    public static string ToneOf(string state) =>
        state switch
        {
            "up"
            or "resolved"
            or "quiet"
            or "sent"
            or "ok"
            or "done"
            or "holds"
            or "live"
            or "closed"
            or "passed"
            or "verified" => "good",
            "down"
            or "open"
            or "firing"
            or "failed"
            or "page"
            or "critical"
            or "unresolved"
            or "regressed"
            or "rolled-back"
            or "broken" => "bad",
            "pending"
            or "mitigated"
            or "waiting"
            or "ticket"
            or "major"
            or "unknown"
            or "active"
            or "running"
            or "under way"
            or "taken"
            or "stale"
            or "cut off"
            or "interrupted" => "warn",
            _ => "mute",
        };

    /// <summary>With a capital letter and without hyphens.</summary>
    public static string Said(string word) =>
        word.Length == 0 ? word : $"{char.ToUpperInvariant(word[0])}{word[1..].Replace('-', ' ')}";
}
