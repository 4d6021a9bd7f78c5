using Fairlead.Engine.Infrastructure.Applying;

namespace Fairlead.Engine.Infrastructure.Costs;

/// <summary>Whose a part of a bill is. Pure.</summary>
public static class CostShares
{
    /// <summary>What no service has to itself: networks, balancers, databases that several use.</summary>
    public const string Shared = "";

    /// <summary>The service whose name stands in the address of a thing, such as <c>aws_ecs_service.api_log</c>; the longest one that fits.</summary>
    public static string ServiceOf(string address, IEnumerable<string> services)
    {
        var name = Plain(address.Split('[')[0].Split('.')[^1]);
        return services
                .Where(one => Plain(one) is { Length: > 0 } plain && IsOf(name, plain))
                .OrderByDescending(static one => one.Length)
                .ThenBy(static one => one, StringComparer.Ordinal)
                .FirstOrDefault()
            ?? Shared;
    }

    /// <summary>In a month, by service, in the order of their names.</summary>
    public static IReadOnlyList<(string Service, decimal Monthly)> ByService(IEnumerable<PlannedCost> parts) =>
        [
            .. parts
                .GroupBy(static one => one.Service, StringComparer.Ordinal)
                .OrderBy(static one => one.Key, StringComparer.Ordinal)
                .Select(static one => (one.Key, one.Sum(static part => part.Monthly))),
        ];

    private static bool IsOf(string name, string service) =>
        name == service || name.StartsWith(service + "_", StringComparison.Ordinal);

    // The writers turn what a tool takes in no name into lines below.
    private static string Plain(string name) => name.Replace('-', '_').ToLowerInvariant();
}
