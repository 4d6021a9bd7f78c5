using System.Text.Json.Serialization;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>Something that infrastructure must not be.</summary>
/// <param name="Id">Stable; allowances name it.</param>
/// <param name="Why">What can happen.</param>
/// <param name="Fix">What to write instead.</param>
internal sealed record Policy(string Id, PolicySeverity Severity, string Why, string Fix)
{
    /// <summary>All that is not as it must be; pure, and it never throws.</summary>
    public required Func<JudgedPlan, IEnumerable<Violation>> Find { get; init; }
}

/// <summary>Something that a policy found.</summary>
/// <param name="Attribute">Path within the resource, such as <c>ingress.1.cidr_blocks</c>; null for the resource itself.</param>
/// <param name="What">A sentence without the address.</param>
internal sealed record Violation(string Address, string? Attribute, string What)
{
    /// <summary>Texts that tell which one it is, of several blocks of a kind.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];

    /// <summary>Instead of the policy's own.</summary>
    public PolicySeverity? Severity { get; init; }

    public static Violation Of(PlannedThing thing, string? attribute, string what) =>
        new(thing.Address, attribute, what);
}

/// <summary>How bad it is, from the least.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PolicySeverity>))]
public enum PolicySeverity
{
    /// <summary>Untidy.</summary>
    [JsonStringEnumMemberName("low")]
    Low,

    /// <summary>Helps whoever attacks, or costs when something goes wrong.</summary>
    [JsonStringEnumMemberName("medium")]
    Medium,

    /// <summary>One mistake away from loss.</summary>
    [JsonStringEnumMemberName("high")]
    High,

    /// <summary>Open, or lost, as soon as it is applied.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,
}
