using Fairlead.Model.Agents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Handoffs;

/// <summary>What stands in the way of hand-offs, and what they stand in the way of.</summary>
internal static class HandoffProblems
{
    public static Problem Wrong(string why) =>
        new(
            "handoff.wrong",
            What: "This hand-off cannot be read.",
            Why: PlainText.Of(why, 1_000),
            Fix: "See the kinds and what each takes: docs/guides/handoffs.md"
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Comment(string kind) =>
        new(
            "handoff.comment",
            What: $"This {kind} would change nothing.",
            Why: "A hand-off is turned into something that is enforced; one that enforces nothing is a comment, and comments belong elsewhere.",
            Fix: "Say a limit, a service, a date or a gate that has to hold."
        )
        {
            Trouble = Trouble.WrongUse,
        };

    public static Problem Unknown(string id) =>
        new(
            "handoff.unknown",
            What: $"There is no hand-off '{PlainText.Of(id, 40)}'.",
            Why: "Nobody handed over one of this id, or it is about an app that you may not see.",
            Fix: "See what there is: fairlead handoff list --all"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem WrongState(Handoff handoff, string verb) =>
        new(
            "handoff.wrong-state",
            What: $"The hand-off {handoff.Id} cannot be {verb}.",
            Why: $"It is {handoff.State.ToString().ToLowerInvariant()}.",
            Fix: $"See how it stands: fairlead handoff show {handoff.Id}"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Weakens(string what) =>
        new(
            "handoff.weakens",
            What: "An agent does not do this.",
            Why: $"{what}, so less would be enforced than a person agreed to.",
            Fix: "Ask a person to do it."
        )
        {
            Trouble = Trouble.NotAllowed,
        };

    public static Problem Full(int max) =>
        new(
            "handoff.full",
            What: "There are too many hand-offs of this app.",
            Why: $"{max} are the most that are open at once.",
            Fix: "Fulfil or reject some: fairlead handoff list"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Open(Handoff handoff, string why) =>
        new(
            "handoff.open",
            What: $"The hand-off {handoff.Id} is not fulfilled.",
            Why: why,
            Fix: "Do what it asks for first."
        )
        {
            Trouble = Trouble.Conflict,
        };

    /// <summary>A hand-off stands in the way of a release.</summary>
    public static Problem Blocks(Handoff handoff, string why, string fix) =>
        new(
            "handoff.blocks",
            What: $"The hand-off {handoff.Id} ({handoff.Kind}, {PlainText.Of(handoff.Owner, 60)}) does not let this release go out.",
            Why: $"{char.ToUpperInvariant(why[0])}{why[1..]}.",
            Fix: fix
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem Unsigned(Handoff handoff) =>
        new(
            "handoff.unsigned",
            What: $"The result {handoff.Id} is not as it was handed over.",
            Why: handoff.Signature is null
                ? "Nobody signed it: it is of before results were."
                : "Its signature is not over what it says now.",
            Fix: "It opens no gate. Run it again, and hand over a new gate-result."
        )
        {
            Trouble = Trouble.Conflict,
        };
}
