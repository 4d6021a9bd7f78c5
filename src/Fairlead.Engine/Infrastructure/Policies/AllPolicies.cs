using Fairlead.Engine.Infrastructure.Policies.Rules;

namespace Fairlead.Engine.Infrastructure.Policies;

/// <summary>Policies that hold for everybody; a new one has its line in the file of its kind.</summary>
internal static class AllPolicies
{
    public static IReadOnlyList<Policy> All { get; } =
    [
        .. StoragePolicies.All,
        .. FirewallPolicies.All,
        .. NetworkPolicies.All,
        .. DataPolicies.All,
        .. IdentityPolicies.All,
        .. SecretPolicies.All,
        .. HygienePolicies.All,
    ];
}
