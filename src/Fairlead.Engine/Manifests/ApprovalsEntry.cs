using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Manifests.Forms;

namespace Fairlead.Engine.Manifests;

/// <summary>Who must say yes before a release goes to an environment.</summary>
[Description("Who must say yes before a release goes there. A number alone is how many.")]
public sealed record ApprovalsEntry
{
    [Description("How many people, other than the one who asked; 1 when left out.")]
    [Alone, Range(0, 10)]
    public int? Count { get; init; }

    [Description("Roles of which each of them must have one; any that may approve when left out.")]
    [Shaped(Shape.Name), Elsewhere("roles", "reviewers")]
    public IReadOnlyList<string>? From { get; init; }

    [Description("True asks them to prove with a passkey or a code, just before, who they are.")]
    [Elsewhere("mfa")]
    public bool? StepUp { get; init; }

    [Description("How long a deployment waits for them; 24h when left out.")]
    [Elsewhere("timeout")]
    public TimeSpan? Wait { get; init; }
}
