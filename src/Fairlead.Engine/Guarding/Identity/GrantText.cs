using Fairlead.Model.Apps;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Identity;

/// <summary>A grant as people write it: <c>operator</c>, <c>deployer@shop</c>, <c>deployer@shop/storefront/staging</c>.</summary>
internal static class GrantText
{
    public static Grant? TryParse(string text)
    {
        var (role, scope) = text.Split('@') switch
        {
            [var one] => (one, (string[])["*"]),
            [var one, var within] => (one, within.Split('/')),
            _ => ("", []),
        };
        return Site.IsName(role) && scope.Length is >= 1 and <= 3 && scope.All(word => word == "*" || Site.IsName(word))
            ? new(role, scope[0], scope.ElementAtOrDefault(1) ?? "*", scope.ElementAtOrDefault(2) ?? "*")
            : null;
    }

    public static string Of(Grant grant)
    {
        var scope = $"{grant.Team}/{grant.App}/{grant.Environment}";
        while (scope.EndsWith("/*", StringComparison.Ordinal))
        {
            scope = scope[..^2];
        }
        return scope == "*" ? grant.Role : $"{grant.Role}@{scope}";
    }
}
