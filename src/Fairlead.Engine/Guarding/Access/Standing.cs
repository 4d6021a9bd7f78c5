using Fairlead.Model.Apps;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access;

/// <summary>A caller before the rules: what it may do with which site.</summary>
/// <param name="Known">Sites that there are.</param>
public sealed record Standing(Principal Caller, AccessPolicy Policy, IReadOnlyList<Site> Known)
{
    public bool May(Permission permission, Site site) => Policy.On(Caller, permission, site).IsAllowed;

    public bool MayAll(Permission permission) => Policy.OnAll(Caller, permission).IsAllowed;

    /// <summary>Whether it may know that there is such a site.</summary>
    public bool Knows(Site site) => Permissions.All.Any(permission => May(permission, site));

    /// <exception cref="ProblemException">It may not. A site that it may not know of is said not to be there.</exception>
    public void Demand(Permission permission, Site site)
    {
        var ruling = Policy.On(Caller, permission, site);
        if (!ruling.IsAllowed)
        {
            throw new ProblemException(AccessProblems.NotAllowed(Caller, $"{permission.Word} on {site}", ruling));
        }
    }

    /// <summary>The sites on which it has a permission.</summary>
    public Reach ReachOf(Permission permission) =>
        MayAll(permission)
            ? Reach.Everything
            : new(site => May(permission, site), [.. Known.Where(site => May(permission, site))]);
}

/// <summary>Sites that a question is narrowed to.</summary>
/// <param name="Has">Whether a site is among them, also one that is not known yet.</param>
/// <param name="Sites">Those of them that are known.</param>
public sealed record Reach(Func<Site, bool> Has, IReadOnlyList<Site> Sites)
{
    public static Reach Everything { get; } = new(static _ => true, []) { IsAll = true };

    /// <summary>Nothing is narrowed.</summary>
    public bool IsAll { get; private init; }

    /// <summary>Apps by environment: each is one exact question to stores that know labels, not sites.</summary>
    public IEnumerable<(string Environment, IReadOnlyList<string> Apps)> Groups =>
        Sites
            .GroupBy(site => site.Environment, StringComparer.Ordinal)
            .Select(group => (group.Key, (IReadOnlyList<string>)[.. group.Select(site => site.App).Distinct()]));
}
