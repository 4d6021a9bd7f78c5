using System.ComponentModel;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Manifests;

/// <summary>What people do about an incident, step by step.</summary>
[Description("What people do about an incident, step by step.")]
public sealed record RunbookEntry
{
    [Description("Names of alerts and services that it helps with, such as ServiceErrors or api; all when left out.")]
    [Elsewhere("alerts", "when")]
    public IReadOnlyList<string>? For { get; init; }

    [Description(
        "What is done, in its order: a text for a person, or { run: rollback } for an operation that a person starts."
    )]
    [Alone]
    public required IReadOnlyList<RunbookStepEntry> Steps { get; init; }
}

/// <summary>One thing to do.</summary>
[Description("One thing to do: a text for a person, or an operation that a person starts.")]
public sealed record RunbookStepEntry
{
    [Description("What it is, for people; by an operation, what that does when left out.")]
    [Alone]
    public string? Text { get; init; }

    [Description("An operation as it is typed, such as 'rollback' or 'monitor pause'.")]
    [Elsewhere("operation", "command")]
    public string? Run { get; init; }

    [Description("Its inputs by name; the incident's app, environment and number go without saying.")]
    [Named(Shape.Variable), Elsewhere("inputs", "args")]
    public IReadOnlyDictionary<string, string>? With { get; init; }
}
