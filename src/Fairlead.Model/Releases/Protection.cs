namespace Fairlead.Model.Releases;

/// <summary>What stands before a deployment to an environment: approvals by others, and times in which nothing is deployed.</summary>
public sealed record Protection
{
    /// <summary>How many people must approve, other than the one who asked; 0 for none.</summary>
    public int Approvals { get; init; }

    /// <summary>Roles of which an approver must have one; empty for whoever may approve.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>An approver must have proved lately, by passkey or code, who they are.</summary>
    public bool StepUp { get; init; }

    /// <summary>How long a deployment waits for approvals, and how long an approval is good.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromHours(24);

    public IReadOnlyList<FreezeWindow> Freezes { get; init; } = [];

    /// <summary>The freeze at this time; null when there is none.</summary>
    public FreezeWindow? FreezeAt(DateTimeOffset now) => Freezes.FirstOrDefault(window => window.Contains(now));
}

/// <summary>Somebody said yes to exactly one plan.</summary>
/// <param name="By">The person's id; empty for the owner of the state folder.</param>
/// <param name="Plan">The digest of the plan that they saw.</param>
/// <param name="Roles">Those that they had on the site then.</param>
public sealed record Approval(
    string By,
    string Name,
    string Plan,
    IReadOnlyList<string> Roles,
    DateTimeOffset At,
    bool IsProved
);

/// <summary>Who asked for a deployment.</summary>
/// <param name="Answers">Id of the person who answers for it in the end: the maker of a token, not the token.</param>
public sealed record Requester(string Id, string Name, string Answers);

/// <summary>A rollout is kept where it is.</summary>
/// <param name="Until">When nobody let it go on by then, it is taken back.</param>
/// <param name="By">Who keeps it there.</param>
/// <param name="Reason">Null where none was given.</param>
public sealed record Hold(DateTimeOffset Since, DateTimeOffset Until, string By, string? Reason);

/// <summary>The rules were set aside, with the reason that was given.</summary>
public sealed record BrokenGlass(string By, string Reason, DateTimeOffset At);
